// qm backup and qm restore, as people use them: beside a running server, onto a full disk, killed in the middle.

import { spawn, type ChildProcess } from 'node:child_process'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openDatabase, sql, type ConnectionSettings } from '../server/db.ts'
import { startEmbedded } from '../server/postgres/embedded.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { testDatabase, testFolder, urlOf } from '../server/test-database.ts'
import { testWorld } from '../server/test-world.ts'

const program = join(import.meta.dirname, '../bin/qm.js')
const folder = await temporaryFolder()
const here = await testFolder()
const at = (name: string): string => join(folder, name)
afterAll(async () => {
  for (const one of [here, at('there'), folder]) await removeTemporary(one)
})

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }
type Environment = Readonly<Record<string, string>>

function start(args: readonly string[], env: Environment = {}): { readonly child: ChildProcess; readonly said: { out: string; err: string }; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { PATH: process.env['PATH'], ...env } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => { said.out += bytes.toString() })
  child.stderr.on('data', (bytes: Buffer) => { said.err += bytes.toString() })
  return { child, said, ended: new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...said })) }) }
}
const qm = (args: readonly string[], env: Environment = {}): Promise<Ran> => start(args, env).ended

async function serve(data: string): Promise<{ readonly url: string; stop(): Promise<unknown> }> {
  const { child, ended } = start(['serve', '--port', '0', '--json', '--folder', data])
  const url = await new Promise<string>((resolve) => { child.stdout!.once('data', (bytes: Buffer) => resolve((JSON.parse(bytes.toString()) as { url: string }).url)) })
  return { url, stop: () => { child.kill('SIGTERM'); return ended } }
}

test('beside a running server, and on another machine, where it goes on', { timeout: 180_000 }, async () => {
  await writeFile(at('items.csv'), 'sku,name,unit,standard_cost,list_price\nA,Axle,EA,1.50,3.00\n')
  await writeFile(at('customers.csv'), 'customer_id,type\nC1,store\n')
  await writeFile(at('stock.csv'), 'place,sku,qty\n1-A-1,A,10\n')
  // Kept running until the server is there, so that each command joins it instead of starting and stopping its own.
  const kept = await startEmbedded({ folder: here })
  expect(await qm(['import', 'items', 'items.csv', '--folder', here])).toMatchObject({ code: 0 })
  expect(await qm(['import', 'customers', 'customers.csv', '--folder', here])).toMatchObject({ code: 0 })
  expect(await qm(['import', 'stock', 'stock.csv', '--site', 'SEA', '--folder', here])).toMatchObject({ code: 0 })
  const secret = (await qm(['key', 'create', '--name', 'Test', '--role', 'admin', '--folder', here])).out.trim()
  const server = await serve(here)
  await kept.stop()
  const taken = await qm(['backup', 'one.qmb', '--folder', here, '--json'])
  expect(taken).toMatchObject({ code: 0, err: expect.stringContaining('keep it as secret as the data') as string })
  expect(JSON.parse(taken.out)).toMatchObject({ file: 'one.qmb', moves: 1, sites: 2, holds_seal_key: true, bytes: (await stat(at('one.qmb'))).size })
  expect(await qm(['backup', 'one.qmb', '--folder', here, '--json'])).toMatchObject({ code: 2, out: expect.stringMatching(/^\{"error":\{"code":"file_taken"/) as string })
  expect(await qm(['backup', 'one.qmb', '--folder', here, '--force'])).toMatchObject({ code: 0, out: expect.stringMatching(/^one\.qmb: [\d,]+ rows, 1 moves among them, as of 20/) as string })
  expect(await qm(['restore', 'one.qmb', '--folder', here])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('stop it first') as string })
  await server.stop()
  expect(await qm(['restore', 'one.qmb', '--folder', here, '--json'])).toMatchObject({ code: 2, out: expect.stringContaining('"target_not_empty"') as string })

  const restored = await qm(['restore', 'one.qmb', '--folder', 'there', '--json'])
  expect(restored.code, restored.err).toBe(0)
  expect(JSON.parse(restored.out)).toMatchObject({ file: 'one.qmb', verify: { ok: true, moves: 1, heads: 2 } })
  const other = await serve('there')
  const reply = await fetch(`${other.url}/api/orders`, {
    method: 'POST', body: JSON.stringify({ site: 'SEA', customer: 'C1', lines: [{ sku: 'A', quantity: 4 }] }),
    headers: { authorization: `Bearer ${secret}`, 'idempotency-key': 'k1', 'content-type': 'application/json' },
  })
  expect([reply.status, await reply.json()]).toMatchObject([201, { lines: [{ held: 4 }] }])
  await other.stop()
  expect(await qm(['verify', '--folder', 'there'])).toMatchObject({ code: 0 })
  expect(await readFile(at('there/seal.key'), 'utf8')).toBe(await readFile(join(here, 'seal.key'), 'utf8'))
})

describe('a database by its address', async () => {
  const { server, owner, connection } = await testDatabase()
  const world = await testWorld(server, { sites: ['SEA'], items: { A: 10 } })
  // Large enough that it is loaded in more than one piece.
  await owner.execute(sql`
    insert into party (party_id, code, name, kind)
    select 10 + n, 'C' || n, md5(n::text) || md5((n + 1)::text), 'customer' from generate_series(1, 60000) n`)
  const environmentOf = (to: ConnectionSettings): Environment => ({ DATABASE_URL: urlOf(to), QUARTERMASTER_SEAL_KEY: world.sealKey.toString('hex') })
  const environment = environmentOf(connection)
  await qm(['backup', 'large.qmb'], environment)

  test('is backed up without the key that came from outside', async () => {
    const { code, out, err } = await qm(['backup', 'again.qmb', '--json', '--progress'], environment)
    expect(code, err).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ holds_seal_key: false, moves: 1 })
    expect(err).toMatch(/^Backing up \w+, megabytes: \d/m)
    expect(err).toContain('QUARTERMASTER_SEAL_KEY is not in it')
  })

  test('killed in the middle of a restore is as it was, and the next restore succeeds', { timeout: 60_000 }, async () => {
    const target = await testDatabase('empty')
    const { child, said, ended } = start(['restore', 'large.qmb', '--progress'], environmentOf(target.connection))
    while (!said.err.includes('Megabytes loaded')) await new Promise((soon) => setTimeout(soon, 1))
    child.kill('SIGKILL')
    expect((await ended).out).toBe('')
    const database = openDatabase(target.connection)
    expect(await database.query(sql`select relname from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([])
    await database.close()
    const { code, out, err } = await qm(['restore', 'large.qmb'], environmentOf(target.connection))
    expect(code, err).toBe(0)
    expect(out).toMatch(/^ok {6}chain: .*\n[^]*everything holds\.\nlarge\.qmb: [\d,]+ rows as of 20.* restored and verified in [\d.]+ s; the feed is in epoch \d+\.\n$/)
  })

  test('that does not verify is restored and said so, with exit code 1', async () => {
    await owner.execute(sql`update move set actor = 'somebody' where sequence = 1`)
    await qm(['backup', 'tampered.qmb'], environment)
    await owner.execute(sql`update move set actor = 'test' where sequence = 1`)
    const target = await testDatabase('empty')
    expect(await qm(['restore', 'tampered.qmb'], environmentOf(target.connection))).toMatchObject({ code: 1, out: expect.stringContaining('FAILED  chain: move of site SEA, sequence 1') as string })
  })

  test('onto a disk that is full, or stopped, leaves nothing', async () => {
    // A file that may not grow beyond 1 MB says what a full disk says.
    const limited = spawn('bash', ['-c', `ulimit -f 1024; exec "$0" "$@"`, process.execPath, program, 'backup', 'full.qmb', '--json'], { cwd: folder, env: { PATH: process.env['PATH'], ...environment } })
    let out = ''
    limited.stdout.on('data', (bytes: Buffer) => { out += bytes.toString() })
    expect(await new Promise((resolve) => { limited.on('close', resolve) })).toBe(2)
    expect(out).toContain('"code":"disk_full"')

    const { child, said, ended } = start(['backup', 'stopped.qmb', '--progress', '--json'], environment)
    while (!said.err.includes('Backing up')) await new Promise((soon) => setTimeout(soon, 1))
    child.kill('SIGINT')
    const stopped = await ended
    expect([stopped.code, stopped.out]).toEqual([1, expect.stringContaining('"code":"stopped"')])
    expect((await readdir(folder)).filter((name) => /^(full|stopped)/.test(name))).toEqual([])
  })

  test.each<[string, readonly string[], string]>([
    ['no file to write',      ['backup'],                                    'usage'],
    ['no file to read',       ['restore'],                                   'usage'],
    ['a file too many',       ['restore', 'a', 'b'],                         'usage'],
    ['a file that is not there', ['restore', 'nothing.qmb'],                 'ENOENT'],
    ['no backup',             ['restore', program],                          'not_a_backup'],
    ['a folder',              ['restore', folder],                           'not_a_backup'],
    ['half a backup',         ['restore', at('half.qmb')],                   'backup_cut_off'],
    ['a changed backup',      ['restore', at('changed.qmb')],                'backup_altered'],
    ['no folder to write in', ['backup', at('none/one.qmb')],                'folder_missing'],
  ])('refuses %s with a code and a sentence', async (_story, args, code) => {
    const whole = await readFile(at('large.qmb'))
    await writeFile(at('half.qmb'), whole.subarray(0, whole.length / 2))
    const middle = Buffer.from(whole)
    middle[Math.floor(whole.length / 2)]! ^= 1
    await writeFile(at('changed.qmb'), middle)
    const ran = await qm([...args, '--json'], environment)
    expect(ran.code).toBe(2)
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code } })
    expect(ran.err).toMatch(/^qm: [^\n]+\n$/)
  })

  test.each(['backup', 'restore'])('%s --help shows an example', async (name) => {
    expect(await qm([name, '--help'])).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`Example\\n +qm ${name} `)) as string })
  })
})
