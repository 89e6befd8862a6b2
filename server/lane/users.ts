// Users and sessions in the lane: how their rows are read and written. Users stand before sessions, which refer to them.

import { textOf, type Instant } from '../../core/calendar.ts'
import type { State } from '../../core/ledger.ts'
import type { Session, User } from '../../core/user.ts'
import { sql, type Statement } from '../db.ts'

export const userColumns = sql`
  select user_id as "user", name, display_name as "displayName", role, site_ids as sites, password_hash as "passwordHash", epoch, version,
    created_at as "createdAt", deactivated_at as "deactivatedAt"
  from users`

export function writeUsers({ user, session }: State['tables']): Statement[] {
  const [users, sessions] = [user.changes(), session.changes()]
  return [
    ...users.inserted.map(insertUser),
    ...users.updated.map(updateUser),
    ...sessions.inserted.map(insertSession),
    ...sessions.updated.map(updateSession),
  ]
}

const insertUser = (row: User): Statement => sql`
  insert into users (user_id, name, display_name, role, site_ids, password_hash, epoch, version, created_at, deactivated_at)
  values (${row.user}, ${row.name}, ${row.displayName}, ${row.role}, ${row.sites}::int[], ${row.passwordHash}, ${row.epoch}, ${row.version},
    ${textOf(row.createdAt)}, ${orNull(row.deactivatedAt)})`

const updateUser = (row: User): Statement => sql`
  update users
  set display_name = ${row.displayName}, role = ${row.role}, site_ids = ${row.sites}::int[], password_hash = ${row.passwordHash},
    epoch = ${row.epoch}, version = ${row.version}, deactivated_at = ${orNull(row.deactivatedAt)}
  where user_id = ${row.user}`

const insertSession = (row: Session): Statement => sql`
  insert into web_session (token_sha256, user_id, epoch, begun_at, used_at, ended_at, browser)
  values (decode(${row.tokenSha256}, 'hex'), ${row.user}, ${row.epoch}, ${textOf(row.begunAt)}, ${textOf(row.usedAt)}, ${orNull(row.endedAt)}, ${row.browser})`

/** It ends, or goes on in its user's next epoch. When it was last used is noted outside the lane, by whoever sees it used. */
const updateSession = (row: Session): Statement => sql`
  update web_session set ended_at = ${orNull(row.endedAt)}, epoch = ${row.epoch} where token_sha256 = decode(${row.tokenSha256}, 'hex')`

const orNull = (at: Instant | null): string | null => (at === null ? null : textOf(at))
