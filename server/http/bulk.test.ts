// Bulk: whatever a line holds and whatever fails behind it, the line is answered and the server lives on.

import { randomUUID } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Principal } from '../../core/principal.ts'
import { testDatabase } from '../test-database.ts'
import { testContext, testHttp } from '../test-http.ts'
import { testWorld } from '../test-world.ts'
import { placeAll } from './bulk.ts'

const { server } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 1_000 } })
const http = await testHttp(server, world)
const admin = await http.key('admin')
await http.call(admin, 'POST', '/api/parties', { parties: [{ code: 'C1', name: 'Ann', kind: 'customer' }] })

const order = (key: unknown): object => ({ key, site: 'SEA', customer: 'C1', lines: [{ sku: 'A', quantity: 1 }] })
const context = testContext(server, world)
const principal: Principal = { actor: 'key:1', name: 'key:1', displayName: 'a test', role: 'sales', sites: [] }

async function whole(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

async function sent(lines: readonly string[]): Promise<readonly { key: string; status: number; answer: { code?: string } }[]> {
  const input = Readable.from([Buffer.from(lines.join('\n'))])
  const text = await whole(placeAll({ context, principal }, input, (error) => http.faults.push(error)))
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as { key: string; status: number; answer: { code?: string } })
}

test('a key that is no text, or no text that can be kept, is refused by its line alone', async () => {
  const answers = await sent([
    '{"key":{"toString":1,"valueOf":1}}', JSON.stringify(order('a\0b')), JSON.stringify(order(7)), '[]', 'null', JSON.stringify(order('good')),
  ])
  expect(answers.map((one) => [one.key, one.status, one.answer.code])).toEqual([
    ['', 422, 'body_not_valid'], ['a\0b', 422, 'text_not_storable'], ['7', 422, 'body_not_valid'], ['', 422, 'body_not_valid'], ['', 422, 'body_not_valid'],
    ['good', 201, undefined],
  ])
  expect(http.faults).toEqual([])
})

test('a line that fails while those before it wait is answered in its turn', async () => {
  const faults: unknown[] = []
  let [count, first] = [0, (): void => undefined]
  const waits = new Promise<void>((resolve) => {
    first = resolve
  })
  const submit: typeof context.submit = async (site, request) => {
    if ((count += 1) > 1) throw new Error('Something broke.')
    await waits
    return context.submit(site, request)
  }
  const input = Readable.from(Array.from({ length: 3 }, () => Buffer.from(`${JSON.stringify(order(randomUUID()))}\n`)))
  const answers = whole(placeAll({ context: { ...context, submit }, principal }, input, (error) => faults.push(error)))
  await new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
  first()
  const statuses = (await answers).trimEnd().split('\n').map((line) => (JSON.parse(line) as { status: number }).status)
  expect(statuses).toEqual([201, 503, 503])
  expect(faults).toHaveLength(2)
})

test('long lines wait for each other, so that what is under way never fills the memory', async () => {
  let [underWay_bytes, most_bytes] = [0, 0]
  const line = Buffer.from(`${JSON.stringify(order('one')).padEnd(900_000)}\n`)
  const submit: typeof context.submit = async () => {
    underWay_bytes += line.length
    most_bytes = Math.max(most_bytes, underWay_bytes)
    await new Promise((resolve) => {
      setTimeout(resolve, 1)
    })
    underWay_bytes -= line.length
    return { status: 201, body: '{}', replayed: false }
  }
  const input = Readable.from((function* lines() {
    for (let count = 0; count < 60; count += 1) yield line
  })())
  const answers = await whole(placeAll({ context: { ...context, submit }, principal }, input, () => undefined))
  expect(answers.trimEnd().split('\n')).toHaveLength(60)
  expect(most_bytes).toBeLessThan(10_000_000)
})

test('a body that is no stream of lines is refused', async () => {
  for (const body of [{ a: 1 }, [order('x')], undefined]) {
    expect(await http.call(admin, 'POST', '/api/orders/bulk', body)).toMatchObject({ status: 400, body: { code: 'body_not_json' } })
  }
  expect(http.faults).toEqual([])
})

test('a stream that stays open for very many lines, one at a time, costs no more for the last than for the first', async () => {
  const input = new PassThrough()
  const submit: typeof context.submit = () => Promise.resolve({ status: 201, body: '{}', replayed: false })
  const answers = placeAll({ context: { ...context, submit }, principal }, input)
  const line = `${JSON.stringify(order('one'))}\n`
  for (let count = 0; count < 12_000; count += 1) {
    input.write(line)
    expect((await answers.next()).done).toBe(false)
  }
  input.end()
  expect((await answers.next()).done).toBe(true)
})

test('a client that goes away while its lines are under way ends its own stream and nothing else', async () => {
  const input = new PassThrough()
  let answer = (): void => undefined
  const submit: typeof context.submit = () =>
    new Promise((resolve) => {
      answer = () => resolve({ status: 201, body: '{}', replayed: false })
    })
  const answers = whole(placeAll({ context: { ...context, submit }, principal }, input))
  input.write(`${JSON.stringify(order('one'))}\n`)
  await new Promise((resolve) => {
    setTimeout(resolve, 50)
  })
  input.destroy(new Error('aborted'))
  await new Promise((resolve) => {
    setTimeout(resolve, 50)
  })
  answer()
  await expect(answers).rejects.toThrow('aborted')
})
