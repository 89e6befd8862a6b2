// Grants: what the running server may do, held by PostgreSQL itself. The owner keeps everything; the server's role gets for each table what the
// manifest allows and no more, so a fault or a stolen connection of the server cannot change a fact of the ledger.

import { sql, type Connection, type Database } from './db.ts'
import { manifest, privilegesOf, SERVER_ROLE } from './manifest.ts'

/** Compares what is with what should be and mends the difference, also where somebody granted too much by hand. */
export async function grantServerRole(database: Database): Promise<void> {
  await createServerRole(database)
  await database.transaction(async (tx) => {
    // Two starters that grant at once would fail each other: PostgreSQL does not queue them by itself.
    await tx.script('lock table migration in share row exclusive mode')
    const statements = await grantsToMend(tx)
    if (statements.length > 0) await tx.script(statements.join(';\n'))
  })
}

async function createServerRole(database: Database): Promise<void> {
  const [role] = await database.query<{ there: boolean; taken: boolean; me: string }>(sql`
    select exists (select from pg_roles where rolname = ${SERVER_ROLE}) as there,
      coalesce((select pg_has_role(oid, 'member') from pg_roles where rolname = ${SERVER_ROLE}), false) as taken,
      quote_ident(current_user) as me`)
  if (role!.taken) return
  try {
    if (!role!.there) await database.script(`create role ${SERVER_ROLE} nologin`).catch(ignoreExisting)
    await database.script(`grant ${SERVER_ROLE} to ${role!.me}`)
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error
    throw new Error(
      `The database user may not create roles: let an administrator run "create role ${SERVER_ROLE} nologin; grant ${SERVER_ROLE} to ${role!.me}" once.`,
      { cause: error },
    )
  }
}

/** Another starter, or another database of the same server, made it at this moment. */
function ignoreExisting(error: Error & { code?: string }): void {
  if (error.code !== '42710' && error.code !== '23505') throw error
}

async function grantsToMend(tx: Connection): Promise<readonly string[]> {
  const rows = await tx.query<{ table: string; granted: string[] }>(sql`
    select c.relname::text as "table", coalesce(array_agg(lower(a.privilege_type)) filter (where a.privilege_type is not null), '{}') as granted
    from pg_class c
    left join lateral aclexplode(c.relacl) a on a.grantee = (select oid from pg_roles where rolname = ${SERVER_ROLE})
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any(${Object.keys(manifest)}::text[])
    group by c.relname`)
  return rows.flatMap(({ table, granted }) => {
    const wanted: readonly string[] = privilegesOf(manifest[table]!)
    const missing = wanted.filter((privilege) => !granted.includes(privilege))
    const surplus = granted.filter((privilege) => !wanted.includes(privilege))
    return [
      ...(missing.length > 0 ? [`grant ${missing.join(', ')} on ${table} to ${SERVER_ROLE}`] : []),
      ...(surplus.length > 0 ? [`revoke ${surplus.join(', ')} on ${table} from ${SERVER_ROLE}`] : []),
    ]
  })
}
