// The rules by which the same schema runs on one PostgreSQL and on Citus, checked on the catalog of a migrated database. Tables of kind
// `site` are spread by site_id, so every key and every reference between them must stay within one site, and what Citus cannot spread
// (triggers, rules, inheritance, sequences) must not be there. The rules for the text of statements are in distributed-statements.ts.

import { sql, type Connection } from '../server/db.ts'
import type { TableRule } from '../server/manifest.ts'

const SPREAD_BY = 'site_id'

interface Key {
  readonly name: string
  readonly kind: 'primary key' | 'unique' | 'exclusion' | 'index'
  /** Null where an expression stands in place of a column. */
  readonly columns: readonly (string | null)[]
}

interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly target: string
  readonly targetColumns: readonly string[]
  readonly onDelete: string
}

export interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly required: boolean; readonly counted: boolean }[]
  readonly keys: readonly Key[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly triggers: readonly string[]
  readonly rules: readonly string[]
  readonly parents: readonly string[]
}

export function readTables(database: Connection): Promise<Table[]> {
  return database.query<Table>(tablesStatement)
}

export function schemaFaults(tables: readonly Table[], rules: Readonly<Record<string, TableRule>>): readonly string[] {
  const kindOf = (name: string): TableRule['kind'] | undefined => rules[name]?.kind
  const unknown = tables.filter(({ name }) => kindOf(name) === undefined).map(({ name }) => `${name}: is not in the manifest`)
  const missing = Object.keys(rules)
    .filter((name) => !tables.some((table) => table.name === name))
    .map((name) => `${name}: is in the manifest and not in the database`)
  const bySite = tables.filter(({ name }) => kindOf(name) === 'site')
  return [
    ...unknown,
    ...missing,
    ...bySite.flatMap((table) => [...columnFaults(table), ...keyFaults(table)]),
    ...tables.flatMap(machineryFaults),
    ...tables.flatMap((table) => table.foreignKeys.flatMap((key) => foreignKeyFaults(table.name, key, kindOf))),
  ]
}

function columnFaults({ name, columns }: Table): readonly string[] {
  const site = columns.find((column) => column.name === SPREAD_BY)
  const counted = columns
    .filter((column) => column.counted)
    .map((column) => `${name}.${column.name}: is counted by a sequence, which differs by node (D5)`)
  if (!site || site.type !== 'integer' || !site.required) return [`${name}: has no column "${SPREAD_BY} int not null" (D1)`, ...counted]
  return counted
}

function keyFaults({ name, keys }: Table): readonly string[] {
  const inner = keys
    .filter(({ columns }) => columns[0] !== SPREAD_BY)
    .map((key) => `${name}: ${key.kind} ${key.name} does not begin with ${SPREAD_BY} (D1, D6)`)
  return keys.some(({ kind }) => kind === 'primary key') ? inner : [`${name}: has no primary key, so a shard of it could not be moved (D9)`, ...inner]
}

/** Not on reference tables either: Citus refuses triggers on them even when told to be unsafe. */
function machineryFaults({ name, triggers, rules, parents }: Table): readonly string[] {
  return [
    ...triggers.map((trigger) => `${name}: has trigger ${trigger} (M4)`),
    ...rules.map((rule) => `${name}: has rule ${rule} (D10)`),
    ...parents.map((parent) => `${name}: inherits from ${parent} (D10)`),
  ]
}

function foreignKeyFaults(name: string, key: ForeignKey, kindOf: (name: string) => TableRule['kind'] | undefined): readonly string[] {
  const [from, to] = [kindOf(name), kindOf(key.target)]
  const says = (why: string): readonly string[] => [`${name}: foreign key ${key.name} to ${key.target} ${why} (D4)`]
  const at = key.columns.indexOf(SPREAD_BY)
  const setsNull = key.onDelete === 'n' || key.onDelete === 'd'
  if (to === 'local' && from !== 'local') return says('points at a table that only the coordinator has')
  if (to === 'site' && from !== 'site') return says('points from outside into a site')
  if (to === 'site' && (at < 0 || key.targetColumns[at] !== SPREAD_BY))
    return says(`may leave the site: it does not tie ${SPREAD_BY} to ${SPREAD_BY}`)
  if (from === 'site' && at >= 0 && setsNull) return says(`would set ${SPREAD_BY} on delete`)
  return []
}

const tablesStatement = sql`
  with list as (select oid, relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p'))
  select relname::text as name,
    (select coalesce(json_agg(json_build_object(
        'name', attname, 'type', format_type(atttypid, atttypmod), 'required', attnotnull,
        'counted', attidentity <> '' or coalesce(pg_get_expr(adbin, adrelid) like 'nextval(%', false)) order by attnum), '[]')
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = list.oid and attnum > 0 and not attisdropped) as columns,
    (select coalesce(json_agg(json_build_object(
        'name', x.relname,
        'kind', case when indisprimary then 'primary key' when indisexclusion then 'exclusion' when indisunique then 'unique' else 'index' end,
        'columns', (select json_agg(a.attname order by k.at) from unnest(indkey::int2[]) with ordinality k (number, at)
          left join pg_attribute a on a.attrelid = indrelid and a.attnum = k.number)) order by x.relname collate "C"), '[]')
      from pg_index join pg_class x on x.oid = indexrelid
      where indrelid = list.oid) as keys,
    (select coalesce(json_agg(json_build_object(
        'name', conname, 'target', t.relname, 'onDelete', confdeltype,
        'columns', (select json_agg(attname order by array_position(conkey, attnum)) from pg_attribute where attrelid = conrelid and attnum = any(conkey)),
        'targetColumns', (select json_agg(attname order by array_position(confkey, attnum)) from pg_attribute where attrelid = confrelid and attnum = any(confkey))
      ) order by conname collate "C"), '[]')
      from pg_constraint join pg_class t on t.oid = confrelid
      where conrelid = list.oid and contype = 'f') as "foreignKeys",
    array(select tgname::text from pg_trigger where tgrelid = list.oid and not tgisinternal order by 1) as triggers,
    array(select rulename::text from pg_rewrite where ev_class = list.oid order by 1) as rules,
    array(select p.relname::text from pg_inherits join pg_class p on p.oid = inhparent where inhrelid = list.oid and p.relkind <> 'p' order by 1) as parents
  from list
  order by relname collate "C"`
