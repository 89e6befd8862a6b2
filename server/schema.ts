// Schema: renders what stands in a database's catalog as text that is the same on every version of PostgreSQL: tables, columns, constraints,
// indexes, grants, and whatever else should not be there at all. The committed rendering, schema.sql, is for reading; a test rebuilds it from
// the migrations on 18 and on 15, so neither can drift from what runs.

import { sql, type Connection } from './db.ts'

interface TableRow {
  readonly name: string
  readonly options: string | null
  readonly columns: readonly string[]
  readonly constraints: readonly string[]
  readonly references: readonly string[]
  readonly indexes: readonly string[]
  readonly grants: readonly string[]
}

const heading =
  '-- The schema that the migrations make, rendered from the catalog by "npm run schema". For reading: databases are made by the migrations.\n'

/** A script that would make the same tables; read as the owner. */
export async function renderSchema(database: Connection): Promise<string> {
  const tables = await database.query<TableRow>(tablesStatement)
  const others = await database.query<{ line: string }>(othersStatement)
  // A table may refer to one whose name comes after its own, so references stand when all tables do.
  const references = tables.flatMap((table) => table.references.map((line) => `alter table ${table.name} add ${line};\n`))
  return [heading, ...tables.map(renderTable), references.join(''), ...others.map(({ line }) => `${line};\n`)].join('\n')
}

function renderTable({ name, options, columns, constraints, indexes, grants }: TableRow): string {
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n')
  const table = `create table ${name} (\n${body}\n)${options === null ? '' : ` with (${options})`}`
  return [table, ...indexes, ...grants].map((line) => `${line};\n`).join('')
}

/** Constraints of kind n are left out: PostgreSQL 18 keeps NOT NULL as one, older ones as a mark on the column, which is rendered. */
const tablesStatement = sql`
  select quote_ident(c.relname) as name, array_to_string(c.reloptions, ', ') as options,
    array(
      select concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
        case when a.attcollation <> t.typcollation then 'collate ' || quote_ident(k.collname) end,
        case when a.attnotnull then 'not null' end,
        case when a.attidentity <> '' then 'generated as identity' end,
        case when a.attgenerated <> '' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
          when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end)
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_collation k on k.oid = a.attcollation
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      order by a.attnum) as columns,
    array(
      select 'constraint ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid)
      from pg_constraint o
      where o.conrelid = c.oid and o.contype not in ('n', 'f')
      order by array_position('{p,u,x,c}'::"char"[], o.contype), o.conname collate "C") as constraints,
    array(
      select 'constraint ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid)
      from pg_constraint o
      where o.conrelid = c.oid and o.contype = 'f'
      order by o.conname collate "C") as "references",
    array(
      select pg_get_indexdef(i.indexrelid)
      from pg_index i join pg_class x on x.oid = i.indexrelid
      where i.indrelid = c.oid and not exists (select from pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
      order by x.relname collate "C") as indexes,
    array(
      select 'grant ' || string_agg(lower(g.privilege_type), ', ' order by g.privilege_type collate "C")
        || ' on ' || quote_ident(c.relname) || ' to ' || coalesce(r.rolname, 'public')
      from aclexplode(c.relacl) g left join pg_roles r on r.oid = g.grantee
      where g.grantee <> c.relowner
      group by r.rolname
      order by r.rolname collate "C") as grants
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  order by c.relname collate "C"`

/** What the rules of a distributed schema forbid, shown so that it cannot hide. */
const othersStatement = sql`
  select line from (
    select 'view or sequence ' || relname as line from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'S', 'f')
    union all
    select 'function ' || p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')
    union all
    select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
    union all
    select 'rule ' || rulename || ' on ' || tablename from pg_rules where schemaname = 'public'
    union all
    select 'inheritance of ' || inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where c.relnamespace = 'public'::regnamespace
  ) other
  order by line collate "C"`
