// Distribute: on Citus, tells it where each table's rows live, as the manifest says; on plain PostgreSQL it does nothing. Reference tables come
// first, because foreign keys point at them; all site tables are colocated, so that one site's batch commits on one shard.

import { sql, type Database } from './db.ts'
import { manifest, type TableRule } from './manifest.ts'

/** Returns the tables it distributed. */
export async function distribute(database: Database): Promise<readonly string[]> {
  const [citus] = await database.query<{ installed: boolean }>(sql`select exists (select from pg_extension where extname = 'citus') as installed`)
  if (!citus!.installed) return []
  return database.transaction(async (tx) => {
    await tx.script("lock table migration in share row exclusive mode; set local citus.multi_shard_modify_mode = 'sequential'")
    const already = await tx.query<{ name: string }>(sql`select table_name::text as name from citus_tables`)
    const steps = distributionSteps(manifest, new Set(already.map(({ name }) => name)))
    for (const { statement } of steps) await tx.script(statement)
    return steps.map(({ table }) => table)
  })
}

export interface DistributionStep {
  readonly table: string
  readonly statement: string
}

export function distributionSteps(rules: Readonly<Record<string, TableRule>>, already: ReadonlySet<string>): readonly DistributionStep[] {
  const ofKind = (kind: TableRule['kind']): string[] => Object.keys(rules).filter((table) => rules[table]!.kind === kind)
  const [first, ...others] = ofKind('site')
  const steps = [
    ...ofKind('reference').map((table) => ({ table, statement: `select create_reference_table('${table}')` })),
    ...(first === undefined ? [] : [{ table: first, statement: `select create_distributed_table('${first}', 'site_id', colocate_with => 'none')` }]),
    ...others.map((table) => ({ table, statement: `select create_distributed_table('${table}', 'site_id', colocate_with => '${first}')` })),
  ]
  return steps.filter(({ table }) => !already.has(table))
}
