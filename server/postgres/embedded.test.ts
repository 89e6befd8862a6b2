import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, readdir, readFile, realpath, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase, sql, type ConnectionSettings } from '../db.ts'
import { packagedFolder } from './binaries.ts'
import { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts'
import { testFolder } from '../test-database.ts'
import { greet } from './greeting.ts'
import { isRunning, NOBODY, run, runAsOfProcess } from './run.ts'
import { removeTemporary, temporaryFolder } from './temporary.ts'

const isRoot = process.getuid?.() === 0
const POSTGRES_15 = '/usr/lib/postgresql/15'
const folders: string[] = []
const processes: ChildProcess[] = []

async function newFolder(mode = 0o755): Promise<string> {
  const folder = await temporaryFolder()
  await chmod(folder, mode)
  folders.push(folder)
  return folder
}

/** Where a PostgreSQL was made before: most of what can happen to one does not depend on who made it. */
async function usedFolder(): Promise<string> {
  const folder = await testFolder()
  folders.push(folder)
  return folder
}

afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) await removeTemporary(folder)
})

async function query<Row>(connection: ConnectionSettings, text: string): Promise<Row[]> {
  const database = openDatabase(connection, { connections_max: 1 })
  try {
    return await database.query<Row>({ text, values: [] })
  } finally {
    await database.close()
  }
}

/** Another process that starts or joins the PostgreSQL of a folder, says what came of it, and then stays until it is killed. */
async function otherProcess(folder: string, options: { uid?: number; gid?: number } = {}): Promise<{ child: ChildProcess; said: Record<string, unknown> }> {
  const program = `
    import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    try {
      const { connection, pid, attached } = await startEmbedded({ folder: ${JSON.stringify(folder)} })
      console.log(JSON.stringify({ connection, pid, attached, uid: process.getuid() }))
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message }))
    }
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { ...options, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] })
  processes.push(child)
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())))
  return { child, said: JSON.parse(line) as Record<string, unknown> }
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

/** What a start in this folder is refused with. */
const refusal = (options: EmbeddedOptions): Promise<unknown> => startEmbedded(options).then((one: Embedded) => one.stop(), (error: unknown) => error)

describe('embedded PostgreSQL', () => {
  test('starts in a new folder: on a private socket only, with checksums and safe settings, and stops', async () => {
    const folder = await newFolder()
    const steps: string[] = []
    const embedded = await startEmbedded({ folder: join(folder, 'a', 'b'), report: (step) => steps.push(step) })
    folders.push(join(folder, 'a', 'b'))
    expect(embedded).toMatchObject({ attached: false, connection: { user: 'quartermaster', database: 'quartermaster' } })
    expect(steps).toEqual(['Creating the database'])
    const names = ['listen_addresses', 'data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit', 'jit', 'server_encoding']
    expect(await query(embedded.connection, `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`)).toEqual([
      { listen_addresses: '', data_checksums: 'on', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', jit: 'off', server_encoding: 'UTF8' },
    ])
    expect(await query(embedded.connection, "select datlocprovider as provider, 'ä' ~ '[[:alpha:]]' as unicode from pg_database where datname = current_database()")).toEqual([{ provider: 'b', unicode: true }])
    for (const path of [embedded.folder, embedded.connection.host]) expect((await stat(path)).mode & 0o777).toBe(0o700)
    await embedded.stop()
    expect(await greet(embedded.connection.host)).toBe('silent')
  })

  test('a second start joins, and the last to leave shuts it down', async () => {
    const folder = await usedFolder()
    const first = await startEmbedded({ folder })
    const second = await startEmbedded({ folder })
    expect(second).toMatchObject({ attached: true, pid: first.pid, connection: first.connection })
    await first.stop()
    expect(await greet(second.connection.host)).toBe('ready')
    await second.stop()
    await second.stop()
    expect(await greet(second.connection.host)).toBe('silent')
  })

  test('several starts at once in a new folder end with one server', async () => {
    const folder = await newFolder()
    const all = await Promise.all([startEmbedded({ folder }), otherProcess(folder), otherProcess(folder)])
    const pids = [all[0].pid, all[1].said.pid, all[2].said.pid]
    expect(new Set(pids)).toEqual(new Set([all[0].pid]))
    expect((await readdir(all[0].folder)).filter((name) => name.includes('partial'))).toEqual([])
  })

  test('kill -9 of the process that started it: PostgreSQL runs on, and the next start joins', async () => {
    const folder = await usedFolder()
    const { child, said } = await otherProcess(folder)
    await killed(child)
    const next = await startEmbedded({ folder })
    expect(next).toMatchObject({ attached: true, pid: said.pid })
    await next.stop()
    expect(await greet(next.connection.host)).toBe('silent')
  })

  test.each([['of PostgreSQL', false], ['of both sides', true]])('kill -9 %s: the next start recovers what was committed', async (_story, both) => {
    const folder = await usedFolder()
    const { child, said } = await otherProcess(folder)
    const connection = said.connection as ConnectionSettings
    await query(connection, 'create table kept as select 42 as answer')
    if (both) await killed(child)
    process.kill(said.pid as number, 'SIGKILL')
    const next = await startEmbedded({ folder })
    expect(next.attached).toBe(false)
    expect(next.pid).not.toBe(said.pid)
    expect(await query(next.connection, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('a kill in the middle of creating the cluster leaves nothing half-made', async () => {
    const folder = await newFolder()
    const other = otherProcess(folder)
    const room = join(folder, 'postgres')
    for (let poll = 0; poll < 5_000 && !existsSync(room); poll += 1) await sleep(2)
    for (let poll = 0; poll < 5_000 && !(await readdir(room)).some((name) => name.startsWith('data.partial')); poll += 1) await sleep(2)
    await killed(processes.at(-1)!)
    void other.catch(() => undefined)
    await sleep(1000)
    expect(existsSync(join(room, 'data'))).toBe(false)
    const embedded = await startEmbedded({ folder })
    expect((await readdir(room)).filter((name) => name.includes('partial'))).toEqual([])
    await embedded.stop()
  })

  test('where the folder is too deep for a socket, the socket is in a private temporary folder', async () => {
    const folder = join(await newFolder(), 'deep'.repeat(30))
    folders.push(folder)
    const embedded = await startEmbedded({ folder })
    expect(embedded.connection.host).toMatch(/quartermaster-[0-9a-f]{16}$/)
    expect((await stat(embedded.connection.host)).mode & 0o777).toBe(0o700)
    await embedded.stop()
    await rm(embedded.connection.host, { recursive: true })
  })

  test('mends the links between libraries that npm leaves out without install scripts', async () => {
    const native = join(await newFolder(), 'native')
    await cp(packagedFolder(), native, { recursive: true, verbatimSymlinks: true })
    for (const name of await readdir(join(native, 'lib'))) if (/^libicu.*\.so(\.60)?$/.test(name)) await unlink(join(native, 'lib', name))
    const runAs = runAsOfProcess()
    expect((await run(join(native, 'bin', 'postgres'), ['--version'], runAs)).ok).toBe(false)
    const folder = await newFolder()
    const embedded = await startEmbedded({ folder, binaries: native })
    expect(await greet(embedded.connection.host)).toBe('ready')
    await embedded.stop()
  })
})

describe.runIf(isRoot)('as root', () => {
  test('PostgreSQL runs as nobody', async () => {
    const embedded = await startEmbedded({ folder: await newFolder() })
    expect((await stat(`/proc/${embedded.pid}`)).uid).toBe(NOBODY)
    await embedded.stop()
  })

  test('binaries that only root can read are copied beside the data, once', async () => {
    const closed = await newFolder(0o700)
    await cp(packagedFolder(), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    const folder = await usedFolder()
    const steps: string[] = []
    for (let start = 0; start < 2; start += 1) {
      const embedded = await startEmbedded({ folder, binaries: join(closed, 'native'), report: (step) => steps.push(step) })
      expect((await realpath(`/proc/${embedded.pid}/exe`)).startsWith(embedded.folder)).toBe(true)
      await embedded.stop()
    }
    expect(steps.filter((step) => step.startsWith('Copying'))).toHaveLength(1)
  })

  test('where only root can enter the folder, the data is elsewhere and found again', async () => {
    const closed = await newFolder(0o700)
    const steps: string[] = []
    const first = await startEmbedded({ folder: join(closed, 'data'), report: (step) => steps.push(step) })
    folders.push(join(closed, 'data'))
    expect(first.folder).toMatch(/^\/var\/lib\/quartermaster\/cluster-/)
    expect(steps[0]).toBe(`Only root can enter ${join(closed, 'data')}, so the data is in ${first.folder}`)
    await first.stop()
    const second = await startEmbedded({ folder: join(closed, 'data') })
    expect(second.folder).toBe(first.folder)
    await second.stop()
    await rm(first.folder, { recursive: true })
  })

  test('a stranger may not enter the socket', async () => {
    const embedded = await startEmbedded({ folder: await usedFolder() })
    const shell = spawnSync('/bin/sh', ['-c', 'ls "$1"', 'sh', embedded.connection.host], { uid: 12345, gid: 12345 })
    expect(shell.stderr.toString()).toContain('Permission denied')
    await embedded.stop()
  })

  test('an ordinary user starts it in a folder of their own', async () => {
    const folder = await newFolder()
    await chown(folder, NOBODY, NOBODY)
    const { said } = await otherProcess(folder, { uid: NOBODY, gid: NOBODY })
    expect(said).toMatchObject({ attached: false, uid: NOBODY })
  })

  test('an ordinary user is refused where there is no permission, and in the folder of somebody else', async () => {
    const closed = await otherProcess(join(await newFolder(), 'inside'), { uid: NOBODY, gid: NOBODY })
    expect(closed.said).toMatchObject({ code: 'folder_not_permitted', message: expect.stringMatching(/no permission to write in/) })
    const folder = await usedFolder()
    await (await startEmbedded({ folder })).stop()
    await chown(join(folder, 'postgres'), 1, 1)
    expect(await refusal({ folder })).toMatchObject({ code: 'folder_of_another_user', message: expect.stringMatching(/belongs to user 1, and PostgreSQL would run as user 65534/) })
  })

  test('a full disk is named', async () => {
    const folder = await newFolder()
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m,mode=755', 'tmpfs', folder]).status !== 0) {
      process.stdout.write('not run: full disk, because this machine does not let root mount\n')
      return
    }
    try {
      expect(await refusal({ folder })).toMatchObject({ code: 'disk_full', message: expect.stringMatching(/^The disk that holds .* is full/) })
      expect(await readdir(join(folder, 'postgres'))).toEqual(['socket', 'users'])
    } finally {
      execFileSync('umount', [folder])
    }
  })
})

describe('refuses, saying why', () => {
  test('missing binaries', async () => {
    expect(await refusal({ folder: await newFolder(), binaries: join(await newFolder(), 'nothing') })).toMatchObject({ code: 'binaries_missing' })
  })

  test('binaries that do not run here', async () => {
    const native = join(await newFolder(), 'native')
    await mkdir(join(native, 'bin'), { recursive: true })
    for (const name of ['initdb', 'postgres']) {
      await writeFile(join(native, 'bin', name), '#!/bin/sh\necho "error while loading shared libraries: libicuuc.so.60" >&2; exit 127\n', { mode: 0o755 })
    }
    expect(await refusal({ folder: await newFolder(), binaries: native })).toMatchObject({ code: 'binaries_broken', message: expect.stringMatching(/does not run on this machine/) })
  })

  test("another PostgreSQL's data folder", async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'PG_VERSION'), '18\n')
    expect(await refusal({ folder })).toMatchObject({ code: 'folder_foreign', message: expect.stringMatching(/another PostgreSQL's data folder/) })
  })

  test('data of a newer or an older version, and data that was not made by us', async () => {
    const folder = await usedFolder()
    const embedded = await startEmbedded({ folder })
    await embedded.stop()
    const data = join(embedded.folder, 'data')
    await writeFile(join(data, 'PG_VERSION'), '19\n')
    expect(await refusal({ folder })).toMatchObject({ code: 'version_newer', message: expect.stringContaining('was made by PostgreSQL 19, and this is 18: use a newer Quartermaster.') })
    await writeFile(join(data, 'PG_VERSION'), '15\n')
    expect(await refusal({ folder })).toMatchObject({ code: 'version_older', message: expect.stringContaining('was made by PostgreSQL 15, and this is 18: export it') })
    await unlink(join(data, 'quartermaster'))
    expect(await refusal({ folder })).toMatchObject({ code: 'folder_foreign', message: expect.stringMatching(/was not made by Quartermaster/) })
  })

  test('a running server without our database', async () => {
    const folder = await usedFolder()
    const embedded = await startEmbedded({ folder })
    await query({ ...embedded.connection, database: 'postgres' }, 'alter database quartermaster rename to taken')
    expect(await refusal({ folder })).toMatchObject({ code: 'folder_foreign', message: expect.stringMatching(/has no database of Quartermaster/) })
    await embedded.stop()
  })

  test('a socket folder that somebody else made first', async () => {
    const folder = join(await newFolder(), 'deep'.repeat(30))
    folders.push(folder)
    const { connection, stop } = await startEmbedded({ folder })
    await stop()
    await rm(connection.host, { recursive: true })
    await symlink(dirname(folder), connection.host)
    expect(await refusal({ folder })).toMatchObject({ code: 'socket_folder_taken' })
    await unlink(connection.host)
  })

  test('a setting that PostgreSQL does not know, in its own words', async () => {
    const folder = await usedFolder()
    expect(await refusal({ folder, settings: { not_a_setting: '1' } })).toMatchObject({ code: 'start_failed', message: expect.stringMatching(/unrecognized configuration parameter "not_a_setting"/) })
    expect(await readFile(join(folder, 'postgres', 'log'), 'utf8')).toContain('not_a_setting')
  })
})

describe.runIf(existsSync(join(POSTGRES_15, 'bin', 'initdb')))('other binaries', () => {
  test("Debian's PostgreSQL 15 starts in the same way", async () => {
    const embedded = await startEmbedded({ folder: await newFolder(), binaries: POSTGRES_15 })
    const database = openDatabase(embedded.connection)
    expect(await database.query(sql`select current_setting('server_version_num')::int / 10000 as major, current_setting('data_checksums') as checksums`)).toEqual([{ major: 15, checksums: 'on' }])
    await database.close()
    expect(isRunning(embedded.pid)).toBe(true)
    await embedded.stop()
  })
})
