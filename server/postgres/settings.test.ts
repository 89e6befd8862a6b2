import { describe, expect, test } from 'vitest'
import { openDatabase } from '../db.ts'
import { testDatabase } from '../test-database.ts'
import { checkSettings, judgeSettings } from './settings.ts'

const database = await testDatabase()
const safe = { server_version: '18.4', server_version_num: '180004', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', data_checksums: 'on' }
const settingsWith = (change: Partial<typeof safe>): ReadonlyMap<string, string> => new Map(Object.entries({ ...safe, ...change }))

describe('settings at boot', () => {
  test.each([
    ['server_version_num', { server_version_num: '140011', server_version: '14.11' }, 'PostgreSQL 14.11 is too old: Quartermaster needs 15 or newer.'],
    ['fsync',              { fsync: 'off' },              'PostgreSQL runs with fsync = off: orders could be lost or torn, so set it to on.'],
    ['full_page_writes',   { full_page_writes: 'off' },   'PostgreSQL runs with full_page_writes = off: orders could be lost or torn, so set it to on.'],
    ['synchronous_commit', { synchronous_commit: 'off' }, 'PostgreSQL runs with synchronous_commit = off: acknowledged orders could be lost, so set it to on.'],
    ['synchronous_commit', { synchronous_commit: 'local' }, 'PostgreSQL runs with synchronous_commit = local: acknowledged orders could be lost, so set it to on.'],
  ])('refuses an unsafe %s', (setting, change, message) => {
    expect(() => judgeSettings(settingsWith(change))).toThrow(expect.objectContaining({ setting, message }))
  })

  test('warns where checksums are off', () => {
    expect(judgeSettings(settingsWith({ data_checksums: 'off' }))).toEqual([expect.stringContaining('without data checksums')])
  })

  test('accepts a stricter commit', () => {
    expect(judgeSettings(settingsWith({ synchronous_commit: 'remote_apply' }))).toEqual([])
  })

  test('the embedded server is safe, and a database told to commit carelessly is found', async () => {
    const { owner, server, connection } = database
    expect(await checkSettings(server)).toEqual([])
    await owner.script(`alter database ${connection.database} set synchronous_commit = off`)
    const later = openDatabase(connection)
    await expect(checkSettings(later)).rejects.toMatchObject({ setting: 'synchronous_commit' })
    await later.close()
  })
})
