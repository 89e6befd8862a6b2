// The server as a whole: it stops in order, whatever its clients do.

import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startServer } from './main.ts'
import { testDatabase } from './test-database.ts'

const { connection } = await testDatabase()

const { host = '', port = 5432, user = '', database = '' } = connection
const options = { host: '127.0.0.1', port: 0, folder: '', url: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`, sealKey: '0'.repeat(64) }

test('a server that has something to do first is not ready until that is done', async () => {
  const server = await startServer({ ...options, preparing: 'The company is being imported.' })
  const asked = async () => (await fetch(`${server.url}/api/ready`)).json()
  expect(await asked()).toMatchObject({ ready: false, preparing: 'The company is being imported.' })
  server.prepared()
  expect(await asked()).toMatchObject({ ready: true, preparing: null })
  await server.stop()
})

test('a client that stalls in the middle of its request does not keep the server from stopping', async () => {
  const server = await startServer({ ...options, close_milliseconds_max: 200 })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const closed = new Promise((resolve) => {
    socket.on('close', resolve)
  })
  socket.on('error', () => undefined)
  socket.resume()
  socket.write('POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"site"')
  await new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
  await server.stop()
  await closed
  await expect(fetch(`${server.url}/api/health`)).rejects.toThrow('fetch failed')
})
