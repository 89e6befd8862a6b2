// Telemetry: spans reach a collector, with what may be told; a collector that is not there harms nobody.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startTelemetry } from './telemetry.ts'
import { testDatabase } from './test-database.ts'
import { testHttp } from './test-http.ts'
import { orderOf, testWorld } from './test-world.ts'

const { server } = await testDatabase()

test('requests and batches are spans, without addresses, names or bodies', async () => {
  const got: string[] = []
  const collector = createServer((request, response) => {
    void text(request).then((body) => {
      got.push(`${request.url} ${body}`)
      response.end('{}')
    })
  })
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening))
  const telemetry = await startTelemetry(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/`)
  const world = await testWorld(server, { sites: ['SEA'], items: { A: 10 } }, { traced: telemetry.traced })
  const http = await testHttp(server, world, { telemetry })
  await http.call(await http.key('admin'), 'GET', '/api/users/canary?x=canary')
  await world.send(await world.site('SEA'), orderOf(world, await world.site('SEA'), [[await world.item('A'), 1]]))
  await telemetry.stop()
  collector.close()
  const all = got.join('\n')
  expect(all).toMatch(/^\/v1\/traces /)
  for (const told of ['GET /api/users/:name', 'http.response.status_code', 'lane batch', 'commands']) expect(all).toContain(told)
  expect(all).not.toContain('canary')
})

test('a failure is told, and stays one', async () => {
  const telemetry = await startTelemetry('http://127.0.0.1:1')
  await expect(telemetry.traced('work', {}, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await telemetry.traced('work', {}, () => Promise.resolve(7))).toBe(7)
})
