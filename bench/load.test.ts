import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import type { LoadJob } from './load.ts'
import { orderTexts } from './load/order-texts.ts'
import { sendClosed, sendOpen, type Target } from './load/requests.ts'
import { counter } from './load/upload.ts'
import { Window } from './load/window.ts'

/** Takes every order after a while, but says no to those `refuse` names. */
async function listener({ milliseconds = 0, refuse = (_order: number): boolean => false } = {}) {
  const keys = new Set<string>()
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes: Buffer) => (body += bytes.toString()))
    request.on('end', () => {
      keys.add(request.headers['idempotency-key'] as string)
      bodies.push(body)
      const no = refuse(bodies.length)
      const answer = JSON.stringify(no ? { code: 'lane_full' } : { id: 'x'.repeat(bodies.length % 70_000) })
      setTimeout(() => {
        response.writeHead(no ? 429 : 201, { 'content-type': 'application/json', 'content-length': answer.length })
        // An answer may come in pieces.
        response.write(answer.slice(0, 5))
        response.end(answer.slice(5))
      }, milliseconds)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => server.close())
  return { keys, bodies, port: (server.address() as AddressInfo).port }
}

function targetOf(port: number): Target {
  const job: LoadJob = {
    host: '127.0.0.1', port, secret: 'qm_secret', siteCode: 'SEA', customerCode: 'BENCH', skus: ['A', 'B', 'C'], warmup_seconds: 0, seconds: 1,
    way: { kind: 'closed', connections: 1 },
  }
  const onBroken = (error: Error): never => {
    throw error
  }
  return { host: job.host, port, texts: orderTexts(job), window: new Window(), onBroken }
}

describe('the load client', () => {
  test('sends whole orders of three lines, each with a key of its own, and counts what is answered in its window', async () => {
    const { keys, bodies, port } = await listener()
    const target = targetOf(port)
    const traffic = await sendClosed(target, 8)
    const result = await target.window.measure(300)
    await traffic.stop()
    const { orders, acknowledged, refused, seconds, latency_ms } = result()
    expect(acknowledged).toBe(bodies.length)
    expect(keys.size).toBe(bodies.length)
    expect(refused).toBe(0)
    expect(orders).toBeGreaterThan(0)
    expect(orders).toBeLessThanOrEqual(acknowledged)
    expect(seconds).toBeGreaterThanOrEqual(0.29)
    expect(latency_ms!.p50).toBeLessThanOrEqual(latency_ms!.p99)
    expect(JSON.parse(bodies[0]!)).toMatchObject({ site: 'SEA', customer: 'BENCH', lines: [{ quantity: expect.any(Number) }, {}, {}] })
    expect(new Set(bodies).size).toBeGreaterThan(10)
  })

  test('counts a refusal as none, and shows the first', async () => {
    const { port } = await listener({ refuse: (order) => order === 3 })
    const target = targetOf(port)
    const traffic = await sendClosed(target, 2)
    const result = await target.window.measure(100)
    await traffic.stop()
    expect(result()).toMatchObject({ refused: 1, refusal: expect.stringContaining('lane_full') })
  })

  test('in an open loop, waiting for a free connection counts as latency', async () => {
    const { port } = await listener({ milliseconds: 20 })
    const target = targetOf(port)
    // One connection does fewer than 50 a second; four times as many are due.
    const traffic = await sendOpen(target, 1, 200)
    const result = await target.window.measure(500)
    await traffic.stop()
    expect(result().latency_ms!.max).toBeGreaterThan(150)
  })

  test('in an open loop, orders come at the rate that was asked for', async () => {
    const { port } = await listener()
    const target = targetOf(port)
    const traffic = await sendOpen(target, 64, 500)
    const result = await target.window.measure(1_000)
    await traffic.stop()
    // Poisson: 500, give or take four times its root.
    expect(result().orders).toBeGreaterThan(400)
    expect(result().orders).toBeLessThan(600)
  })

  test.each([
    ['whole',              ['a-word-b-word'],       2],
    ['cut in two',         ['a-wo', 'rd-word'],     2],
    ['cut in many',        '--word--word-'.split(''), 2],
    ['begun and not ended', ['wor', '-wor'],        0],
    ['begun twice',        ['wwo', 'rd'],           1],
  ])('counts a word that is %s', (_how, pieces, found) => {
    const count = counter(Buffer.from('word'))
    expect(pieces.reduce((sum, piece) => sum + count(Buffer.from(piece)), 0)).toBe(found)
  })
})
