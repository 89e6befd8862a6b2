import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startEmbedded } from '../server/postgres/embedded.ts'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { testFolder } from '../server/test-database.ts'

const house = join(import.meta.dirname, '..')

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }

function qm(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [join(house, 'bin', 'qm.js'), ...args], { cwd: house, env: { PATH: process.env['PATH'] } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => { said.out += bytes.toString() })
  child.stderr.on('data', (bytes: Buffer) => { said.err += bytes.toString() })
  return new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...said })) })
}

describe('qm', () => {
  test.each([
    [[],                                            2, /COMMAND/,          /^$/],
    [['--help'],                                    0, /serve .*\n.*key/s, /^$/],
    [['key', '--help'],                             0, /Example\n.*qm key create/s, /^$/],
    [['fly'],                                       2, /^$/,               /^qm: There is no command fly \(see qm --help\)\n$/],
    [['serve', '--bogus'],                          2, /^$/,               /^qm: Unknown option '--bogus' \(see qm serve --help\)\n$/],
    [['serve', '--port', '70000'],                  2, /^$/,               /^qm: --port takes a whole number from 0 to 65535, not 70000/],
    [['key', 'create', '--name', 'a', '--role', 'boss'], 2, /^$/,          /^qm: --role is one of admin, .*, not boss/],
    [['key', 'list', 'all', 'of', 'them'],          2, /^$/,               /^qm: of is one word too many/],
    [['key', 'list', '--folder', '/dev/null/here'], 1, /^$/,               /^qm: [^\n]*\/dev\/null\/here[^\n]*\n$/],
    [['fly', '--json'],                             2, /^\{"error":\{"code":"usage","detail":"There is no command fly"\}\}\n$/, /./],
  ])('%j exits with %i', async (args, code, out, err) => {
    const ran = await qm(...args)
    expect(ran.err).toMatch(err)
    expect(ran.out).toMatch(out)
    expect(ran.code).toBe(code)
    expect(ran.err).not.toMatch(/\n\s+at /)
  })
})

describe('a company at the command line', async () => {
  const folder = await temporaryFolder()
  afterAll(() => removeTemporary(folder))
  const data = await testFolder()
  afterAll(() => removeTemporary(data))
  // Kept running, so that each command joins it instead of starting and stopping its own.
  const kept = await startEmbedded({ folder: data })
  afterAll(() => kept.stop())
  const file = (name: string) => join(folder, `${name}.csv`)

  test('is read in, served, asked with a key, exported, verified', async () => {
    await writeFile(file('items'), 'sku,name,unit,standard_cost,list_price\nA,"=Race, adjustable",EA,1.50,3.00\n')
    await writeFile(file('stock'), 'place,sku,qty\n1-A-1,A,10\n')
    await writeFile(file('bad'), 'place,sku,qty\n1-A-2,A,-1\n1-A-2,Z,1\n')
    expect(await qm('import', 'items', file('items'), '--folder', data)).toMatchObject({ code: 0 })
    expect(await qm('import', 'stock', file('stock'), '--site', 'SEA', '--folder', data, '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"imported":1') })
    const bad = await qm('import', 'stock', file('bad'), '--site', 'SEA', '--folder', data)
    expect(bad).toMatchObject({ code: 2, out: expect.stringMatching(/bad\.csv: row 2, qty: .*\(quantity_not_positive\)\n.*bad\.csv: row 3, sku: There is no item Z\. \(item_not_known\)\n.*\nNothing was written/s) })
    expect(await qm('import', 'stock', join(folder, 'none.csv'), '--folder', data)).toMatchObject({ code: 2, err: expect.stringContaining('There is no ') })

    const secret = (await qm('key', 'create', '--name', 'Test', '--role', 'auditor', '--folder', data)).out.trim()
    expect(secret).toMatch(/^qm_[\w-]{43}$/)
    const server = spawn(process.execPath, [join(house, 'bin', 'qm.js'), 'serve', '--port', '0', '--folder', data, '--json'], { cwd: house, env: { PATH: process.env['PATH'] } })
    const url = await new Promise<string>((resolve) => { server.stdout.once('data', (bytes: Buffer) => resolve((JSON.parse(bytes.toString()) as { url: string }).url)) })
    const answer = await fetch(`${url}/api/stock?site=SEA`, { headers: { authorization: `Bearer ${secret}` } })
    expect(await answer.json()).toMatchObject({ rows: [{ sku: 'A', place: '1-A-1', quantity: 10 }] })
    const ended = new Promise((resolve) => { server.once('close', resolve) })
    server.kill('SIGTERM')
    expect(await ended).toBe(0)

    expect(await qm('verify', '--folder', data)).toMatchObject({ code: 0 })
    expect((await readFile(join(data, 'seal.key'), 'utf8')).trim()).toMatch(/^[0-9a-f]{64}$/)
  }, 180_000)
})
