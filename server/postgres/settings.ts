// Settings that a promise of durability stands on, asked of the server itself at boot: an acknowledged order is on disk, and a page torn
// by a power cut can be repaired. A database that was told otherwise is refused by the setting's name, not served with a smaller promise.

import { sql, type Connection } from '../db.ts'

export class UnsafeSettingError extends Error {
  readonly setting: string

  constructor(setting: string, message: string) {
    super(message)
    this.name = 'UnsafeSettingError'
    this.setting = setting
  }
}

const VERSION_NUMBER_MIN = 150_000
const mustBeOn = ['fsync', 'full_page_writes'] as const

/** Returns warnings for the log; throws for what Quartermaster must not run on. Ask it on a connection of the kind that will do the work. */
export async function checkSettings(database: Connection): Promise<readonly string[]> {
  const rows = await database.query<{ name: string; setting: string }>(sql`
    select name, setting from pg_settings
    where name in ('server_version', 'server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')`)
  return judgeSettings(new Map(rows.map(({ name, setting }) => [name, setting])))
}

export function judgeSettings(settings: ReadonlyMap<string, string>): readonly string[] {
  if (Number(settings.get('server_version_num')) < VERSION_NUMBER_MIN) {
    throw new UnsafeSettingError('server_version_num', `PostgreSQL ${settings.get('server_version')} is too old: Quartermaster needs 15 or newer.`)
  }
  for (const name of mustBeOn) {
    if (settings.get(name) !== 'on')
      throw new UnsafeSettingError(name, `PostgreSQL runs with ${name} = ${settings.get(name)}: orders could be lost or torn, so set it to on.`)
  }
  const commit = settings.get('synchronous_commit')
  // remote_apply waits for more than on does.
  if (commit !== 'on' && commit !== 'remote_apply') {
    throw new UnsafeSettingError(
      'synchronous_commit',
      `PostgreSQL runs with synchronous_commit = ${commit}: acknowledged orders could be lost, so set it to on.`,
    )
  }
  if (settings.get('data_checksums') === 'on') return []
  return ['PostgreSQL runs without data checksums: damage on disk would go unnoticed (pg_checksums --enable, while it is stopped, turns them on).']
}
