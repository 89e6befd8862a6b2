// qm user, as people use it: passwords by standard input only, and answers for machines and for people.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { controlSite } from '../core/item.ts'
import { openServer } from '../server/open.ts'
import { startEmbedded } from '../server/postgres/embedded.ts'
import { removeTemporary } from '../server/postgres/temporary.ts'
import { testFolder } from '../server/test-database.ts'

const folder = await testFolder()
// Kept running, so that each command joins it instead of starting and stopping its own.
const kept = await startEmbedded({ folder })
afterAll(async () => {
  await kept.stop()
  await removeTemporary(folder)
})
const PASSWORD = 'correct horse battery staple'

function qm(args: readonly string[], input = ''): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), 'user', ...args, '--folder', folder])
  const told = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => (told.out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (told.err += data.toString()))
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...told })))
}

test('adds, lists, changes and deactivates a user', { timeout: 60_000 }, async () => {
  expect(await qm(['add', 'ann', '--role', 'sales', '--display', 'Ann Andrews', '--json'], `${PASSWORD}\n`)).toMatchObject({ code: 0, out: expect.stringContaining('"name":"ann"') as string })
  expect(await qm(['add', 'ann', '--role', 'sales', '--json'], PASSWORD)).toMatchObject({ code: 1, out: expect.stringContaining('code_taken') as string })
  expect(await qm(['edit', 'ann', '--role', 'auditor'])).toMatchObject({ code: 0 })
  expect(await qm(['passwd', 'ann'], 'another horse entirely')).toMatchObject({ code: 0 })
  expect(await qm(['deactivate', 'ann'])).toMatchObject({ code: 0, out: 'Done: ann.\n' })
  expect(await qm(['deactivate', 'ann'])).toMatchObject({ code: 1 })
  const { out } = await qm(['list', '--json'])
  expect(JSON.parse(out)).toEqual({ users: [expect.objectContaining({ name: 'ann', displayName: 'Ann Andrews', role: 'auditor', sites: [], deactivatedAt: expect.any(String) as string })] })
  expect(out).not.toContain('argon2id')
})

test.each<[string, readonly string[], string]>([
  ['no action',           [],                                        ''],
  ['no name',             ['add', '--role', 'till'],                 PASSWORD],
  ['a name in capitals',  ['add', 'Ann', '--role', 'till'],          PASSWORD],
  ['no role',             ['add', 'bob'],                            PASSWORD],
  ['a role of none',      ['add', 'bob', '--role', 'king'],          PASSWORD],
  ['a short password',    ['add', 'bob', '--role', 'till'],          'short'],
  ['a password argument', ['add', 'bob', '--password', PASSWORD],    ''],
  ['an unknown site',     ['add', 'bob', '--role', 'till', '--site', 'NOSITE'], PASSWORD],
])('refuses %s', { timeout: 60_000 }, async (_story, args, input) => {
  const { code, out, err } = await qm(args, input)
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^qm: .*see qm user --help/m)
  expect(err).not.toContain('    at ')
})

test('a demonstration has an admin whose password was never the same, told once and kept where only its owner reads', { timeout: 60_000 }, async () => {
  const demo = mkdtempSync(join(tmpdir(), 'quartermaster-demo-'))
  // Not empty, so that no company is imported.
  const opened = await openServer({ folder: demo })
  await opened.lanes.submit(controlSite, { command: { kind: 'createSite', code: 'SEA', name: 'Seattle' }, caller: 'test', key: '1', sha256: Buffer.alloc(32) })
  await opened.close()
  const passwords: string[] = []
  for (let start = 1; start <= 2; start += 1) {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), 'serve', '--demo', '--port', '0', '--json', '--folder', demo])
    const notes: string[] = []
    child.stderr.on('data', (data: Buffer) => notes.push(data.toString()))
    const { url } = JSON.parse(await new Promise<string>((told) => child.stdout.once('data', (data: Buffer) => told(data.toString())))) as { url: string }
    const file = join(demo, 'admin.password')
    passwords.push(readFileSync(file, 'utf8').trim())
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(notes.join('').includes(passwords[0]!)).toBe(start === 1)
    const reply = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'admin', password: passwords[0] }) })
    expect([reply.status, ((await reply.json()) as { user: { role: string } }).user.role]).toEqual([201, 'admin'])
    child.kill('SIGTERM')
    await new Promise((ended) => child.once('close', ended))
  }
  expect(passwords[0]).toMatch(/^[\w-]{24}$/)
  expect(passwords[1]).toBe(passwords[0])
  rmSync(demo, { recursive: true, force: true })
})
