import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const house = join(import.meta.dirname, '..')

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }

function qm(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [join(house, 'cli', 'qm.ts'), ...args], { cwd: house, env: { PATH: process.env['PATH'] } })
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
