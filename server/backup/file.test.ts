// The file of a backup: whole or not there, and no byte of it can change unnoticed.

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { removeTemporary, temporaryFolder } from '../postgres/temporary.ts'
import { openBackup, writeBackup } from './file.ts'
import type { BackedUpTable, Manifest } from './manifest.ts'

const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))
const at = (name: string): string => join(folder, name)

const about: Omit<Manifest, 'tables'> = {
  format: 1, product: '0.1.0', created_at: '2026-01-01T00:00:00.000Z', epoch: 1, seal_key: null,
  migrations: [{ number: 1, name: '0001-nouns', checksum: 'x' }], heads: [],
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

/** Writes tables of these rows, in pieces of a size, and returns the manifest's lines. */
async function write(file: string, tables: Readonly<Record<string, Buffer>>, { size = 1000, force = false } = {}): Promise<readonly BackedUpTable[]> {
  const { manifest } = await writeBackup(file, { force }, async (writer) => {
    const written: BackedUpTable[] = []
    for (const [name, rows] of Object.entries(tables)) written.push({ name, columns: ['a'], ...(await writer.table(name, inPieces(rows, size))) })
    return { ...about, tables: written }
  })
  return manifest.tables
}

async function read(file: string): Promise<Record<string, Buffer>> {
  const backup = await openBackup(file)
  try {
    const rows: Record<string, Buffer> = {}
    for (const table of backup.manifest.tables) {
      const blocks: Buffer[] = []
      for await (const block of backup.rowsOf(table)) blocks.push(block)
      rows[table.name] = Buffer.concat(blocks)
    }
    return rows
  } finally {
    await backup.close()
  }
}

describe('a backup file', () => {
  test.each([
    ['no table',                       {}],
    ['an empty table between others',  { one: Buffer.from('1\n'), two: Buffer.alloc(0), three: Buffer.from('3\n3\n') }],
    ['rows longer than a block',       { wide: Buffer.from(`${'x'.repeat(5_000_000)}\n${'y'.repeat(300)}\n`) }],
    ['exactly a block',                { full: Buffer.alloc(2 ** 20, 10) }],
    ['what does not compress',         { noise: randomBytes(3_000_001) }],
  ])('brings back %s', async (story, tables: Readonly<Record<string, Buffer>>) => {
    const file = at(`${story.replaceAll(' ', '-')}.qmb`)
    for (const size of [7_919, 4_000_000]) {
      const written = await write(file, tables, { size, force: true })
      const back = await read(file)
      expect(Object.keys(back)).toEqual(Object.keys(tables))
      // Byte by byte a comparison of values takes seconds.
      for (const [name, bytes] of Object.entries(tables)) expect(bytes.equals(back[name]!), name).toBe(true)
      expect(written.map(({ name, rows, bytes, sha256 }) => [name, rows, bytes, sha256])).toEqual(Object.entries(tables).map(([name, bytes]) =>
        [name, bytes.filter((byte) => byte === 10).length, bytes.length, createHash('sha256').update(bytes).digest('hex')]))
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('with one byte changed anywhere is refused', async () => {
    const file = at('flipped.qmb')
    await write(file, { one: Buffer.from('a\tb\n'.repeat(200)), two: randomBytes(300) })
    const whole = await readFile(file)
    const other = at('flipped-once.qmb')
    const refused = async (position: number, change: number): Promise<void> => {
      const bytes = Buffer.from(whole)
      bytes[position]! ^= change
      await writeFile(other, bytes)
      await expect(openBackup(other), `byte ${position} changed by ${change}`).rejects.toMatchObject({
        name: 'BackupError', code: expect.stringMatching(/^(not_a_backup|backup_newer|backup_cut_off|backup_altered)$/) as string,
      })
    }
    // Every byte, and any change of some.
    for (let position = 0; position < whole.length; position += 1) await refused(position, 1)
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), refused), { numRuns: 300 })
    expect(await read(file)).toMatchObject({ one: expect.any(Buffer) as Buffer })
  })

  test('cut off anywhere, or with something behind it, is refused', async () => {
    const file = at('cut.qmb')
    await write(file, { one: Buffer.from('a\n'.repeat(50)) })
    const whole = await readFile(file)
    const other = at('cut-once.qmb')
    for (let length = 1; length < whole.length; length += 1) {
      await writeFile(other, whole.subarray(0, length))
      await expect(openBackup(other), `${length} bytes`).rejects.toMatchObject({ code: 'backup_cut_off' })
    }
    await writeFile(other, Buffer.concat([whole, Buffer.from('\n')]))
    await expect(openBackup(other)).rejects.toMatchObject({ code: 'backup_cut_off' })
    await writeFile(other, Buffer.concat([whole, whole]))
    await expect(openBackup(other)).rejects.toMatchObject({ code: 'backup_altered' })
  })

  test('is not taken for one when it is something else', async () => {
    const others: readonly (readonly [string, Buffer | string])[] = [['empty', ''], ['text', 'create table a ();\n'], ['noise', randomBytes(5000)], ['zeros', Buffer.alloc(5000)]]
    for (const [name, bytes] of others) {
      await writeFile(at(name), bytes)
      await expect(openBackup(at(name)), name).rejects.toMatchObject({ code: 'not_a_backup' })
    }
    await expect(openBackup(folder)).rejects.toMatchObject({ code: 'not_a_backup' })
    await expect(openBackup(at('nothing'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('of a later format is told to be that', async () => {
    const file = at('format.qmb')
    await write(file, {})
    await writeFile(file, Buffer.from((await readFile(file)).toString('latin1').replace('"format":1}', '"format":2}'), 'latin1'))
    await expect(openBackup(file)).rejects.toMatchObject({ code: 'backup_newer' })
  })

  test('whose hash was made to fit again is held to its manifest', async () => {
    const file = at('forged.qmb')
    const [one] = await write(file, { one: Buffer.from('a\n') })
    await writeBackup(file, { force: true }, async (writer) => {
      await writer.table('one', inPieces(Buffer.from('b\n'), 2))
      return { ...about, tables: [one!] }
    })
    await expect(read(file)).rejects.toMatchObject({ code: 'backup_altered', message: expect.stringContaining('one') as string })
    await writeBackup(file, { force: true }, () => Promise.resolve({ ...about, tables: [{ ...one!, name: 'one; drop table move' }] }))
    await expect(openBackup(file)).rejects.toMatchObject({ code: 'backup_altered' })
  })
})

describe('writing a backup', () => {
  const left = async (name: string): Promise<readonly string[]> => (await readdir(folder)).filter((one) => one.startsWith(name))

  test('onto a file that is there is refused, and with force replaces it', async () => {
    await writeFile(at('taken.qmb'), 'precious')
    await expect(write(at('taken.qmb'), {})).rejects.toMatchObject({ code: 'file_taken' })
    await symlink(at('nowhere'), at('dangling.qmb'))
    await expect(write(at('dangling.qmb'), {})).rejects.toMatchObject({ code: 'file_taken' })
    expect(await readFile(at('taken.qmb'), 'utf8')).toBe('precious')
    await write(at('taken.qmb'), { one: Buffer.from('1\n') }, { force: true })
    expect(await read(at('taken.qmb'))).toEqual({ one: Buffer.from('1\n') })
  })

  test('that fails leaves neither half a file nor less than there was', async () => {
    await write(at('kept.qmb'), { one: Buffer.from('1\n') })
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(5_000_000, 'x')
      throw new Error('gone')
    }
    for (const file of ['kept.qmb', 'fresh.qmb']) {
      await expect(writeBackup(at(file), { force: true }, async (writer) => {
        await writer.table('one', failing())
        return { ...about, tables: [] }
      })).rejects.toThrow('gone')
    }
    expect([...await left('kept.qmb'), ...await left('fresh.qmb')]).toEqual(['kept.qmb'])
    expect(await read(at('kept.qmb'))).toEqual({ one: Buffer.from('1\n') })
  })

  test('sweeps what a killed one left, and not what one that runs is writing', async () => {
    await writeFile(at('swept.qmb.partial-99999999'), 'half')
    await writeFile(at('swept.qmb.partial-1'), 'half')
    await write(at('swept.qmb'), {})
    expect((await left('swept.qmb')).toSorted()).toEqual(['swept.qmb', 'swept.qmb.partial-1'])
  })

  test('where it cannot be written says why', async () => {
    await expect(write(at('no/such/folder.qmb'), {})).rejects.toMatchObject({ code: 'folder_missing' })
    await expect(write(at('taken.qmb/below.qmb'), {})).rejects.toMatchObject({ code: 'folder_missing' })
    // Nobody may make files there, not even root.
    await expect(write(process.platform === 'linux' ? '/sys/backup.qmb' : '/System/backup.qmb', {})).rejects.toMatchObject({ code: 'file_not_permitted' })
    await mkdir(at('a-folder.qmb'))
    await expect(write(at('a-folder.qmb'), {})).rejects.toMatchObject({ code: 'file_taken' })
  })
})
