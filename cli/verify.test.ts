import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sql } from '../server/db.ts'
import { testDatabase, urlOf } from '../server/test-database.ts'
import { testWorld } from '../server/test-world.ts'

const { server, owner, connection } = await testDatabase()
const world = await testWorld(server, { sites: ['SEA'], items: { A: 10, B: 5 } })

function verify(...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const env = { PATH: process.env['PATH'], QUARTERMASTER_SEAL_KEY: world.sealKey.toString('hex'), DATABASE_URL: urlOf(connection) }
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), 'verify', ...args], { env })
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => { said.out += bytes.toString() })
  child.stderr.on('data', (bytes: Buffer) => { said.err += bytes.toString() })
  return new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...said })) })
}

test('qm verify says yes, and how much it proved', async () => {
  const { code, out } = await verify('--json')
  expect(JSON.parse(out)).toMatchObject({ ok: true, moves: 2, heads: 0 })
  expect(code).toBe(0)
  expect((await verify()).out).toMatch(/^ok {6}chain: .*\n[^]*\n2 moves in [\d.]+ s, no heads from outside the database were at hand: everything holds\.\n$/)
})

test('qm verify exits with 1 and names the row that was changed', async () => {
  await owner.execute(sql`update move set actor = 'somebody' where sequence = 2`)
  const { code, out } = await verify('--json')
  expect(code).toBe(1)
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: { name: string; offending?: object }[] }
  expect(ok).toBe(false)
  expect(checks.find((check) => check.name === 'chain')?.offending).toMatchObject({ table: 'move', site: 'SEA', key: 'sequence 2' })
  expect((await verify()).out).toContain('FAILED  chain: move of site SEA, sequence 2: Its hash does not follow')
})

test('qm verify refuses a file of heads that is not there or is none', async () => {
  expect(await verify('--heads', '/nowhere/heads.ndjson')).toMatchObject({ code: 2, err: expect.stringContaining('/nowhere/heads.ndjson') })
  expect(await verify('--heads', join(import.meta.dirname, 'verify.ts'))).toMatchObject({ code: 2, err: expect.stringContaining('Line 1 of ') })
})
