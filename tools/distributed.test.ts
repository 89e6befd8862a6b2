import { describe, expect, test } from 'vitest'
import { manifest, siteTables, type TableRule } from '../server/manifest.ts'
import { testDatabase } from '../server/test-database.ts'
import { constraintReadsIn, statementFaults, statementsIn } from './distributed-statements.ts'
import { readTables, schemaFaults } from './distributed.ts'
import { isTest, sources } from './sources.ts'

const [migrated, empty] = await Promise.all([testDatabase(), testDatabase('empty')])
const server = sources().filter(({ path }) => /^server\/.*\.ts$/.test(path) && !isTest(path))

describe('this project', () => {
  test('has a schema that runs on Citus', async () => {
    expect(schemaFaults(await readTables(migrated.owner), manifest)).toEqual([])
  })

  test('has statements that name one site', () => {
    const faults = server.flatMap(({ path, text }) =>
      statementsIn(text).flatMap((statement) => statementFaults(statement.text, siteTables).map((fault) => `${path}:${statement.line} ${fault}`)),
    )
    expect(faults).toEqual([])
  })

  test('never asks an error which constraint it broke', () => {
    expect(server.flatMap(({ path, text }) => constraintReadsIn(text).map((line) => `${path}:${line}`))).toEqual([])
  })
})

describe('the schema rules', () => {
  const rules: Record<string, TableRule> = { thing: { kind: 'site' }, other: { kind: 'site' }, master: { kind: 'reference' }, queue: { kind: 'local' } }
  const sound = `
    create table master (master_id int primary key);
    create table queue (queue_id int primary key);
    create table other (site_id int not null, a int, primary key (site_id, a));
    create table thing (site_id int not null, a int, b int, primary key (site_id, a));`

  const faultsOf = async (change: string): Promise<readonly string[]> => {
    await empty.owner.script(`drop schema public cascade; create schema public; ${sound} ${change}`)
    return schemaFaults(await readTables(empty.owner), rules)
  }

  test('let a sound schema pass', async () => {
    expect(
      await faultsOf(`
        alter table thing add unique (site_id, b), add foreign key (site_id, b) references other on delete cascade, add foreign key (b) references master;
        create index on thing (site_id, (a + b)); create index on thing (site_id) where b > 0;`),
    ).toEqual([])
  })

  test.each([
    ['an unknown table',          'create table stray (a int)',                                                       ['stray: is not in the manifest']],
    ['a missing table',           'drop table queue',                                                                 ['queue: is in the manifest and not in the database']],
    ['no primary key',            'alter table thing drop constraint thing_pkey',                                     ['thing: has no primary key, so a shard of it could not be moved (D9)']],
    ['no site_id',                'drop table thing; create table thing (a int primary key)',                         ['thing: has no column "site_id int not null" (D1)', 'thing: primary key thing_pkey does not begin with site_id (D1, D6)']],
    ['site_id of another type',   'drop table thing; create table thing (site_id bigint primary key)',                ['thing: has no column "site_id int not null" (D1)']],
    ['site_id not first',         'drop table thing; create table thing (site_id int, a int, primary key (a, site_id))', ['thing: primary key thing_pkey does not begin with site_id (D1, D6)']],
    ['unique over sites',         'alter table thing add constraint one unique (b)',                                  ['thing: unique one does not begin with site_id (D1, D6)']],
    ['unique index over sites',   'create unique index one on thing (b, site_id)',                                    ['thing: unique one does not begin with site_id (D1, D6)']],
    ['index over sites',          'create index one on thing (b)',                                                    ['thing: index one does not begin with site_id (D1, D6)']],
    ['index on an expression',    'create index one on thing ((a + b), site_id)',                                     ['thing: index one does not begin with site_id (D1, D6)']],
    ['exclusion over sites',      'alter table thing add r int4range, add constraint one exclude using gist (r with &&)', ['thing: exclusion one does not begin with site_id (D1, D6)']],
    ['identity',                  'alter table thing add n bigint generated always as identity',                      ['thing.n: is counted by a sequence, which differs by node (D5)']],
    ['serial',                    'alter table thing add n serial',                                                   ['thing.n: is counted by a sequence, which differs by node (D5)']],
    ['a trigger',                 'create trigger t before update on thing for each row execute function suppress_redundant_updates_trigger()', ['thing: has trigger t (M4)']],
    ['a trigger on master data',  'create trigger t before update on master for each row execute function suppress_redundant_updates_trigger()', ['master: has trigger t (M4)']],
    ['a rule',                    'create rule r as on delete to thing do instead nothing',                           ['thing: has rule r (D10)']],
    ['inheritance',               'drop table other; create table other (primary key (site_id, a)) inherits (thing)', ['other: inherits from thing (D10)']],
    ['reference into a site',     'alter table master add s int, add constraint f foreign key (s, master_id) references thing',        ['master: foreign key f to thing points from outside into a site (D4)']],
    ['key not tied by site',      'alter table other add b int, add constraint f foreign key (a, site_id) references thing',           ['other: foreign key f to thing may leave the site: it does not tie site_id to site_id (D4)']],
    ['set null on delete',        'alter table other add constraint f foreign key (site_id, a) references thing on delete set null',   ['other: foreign key f to thing would set site_id on delete (D4)']],
    ['set default of a column',   'alter table other add b int, add constraint f foreign key (site_id, b) references thing on delete set default (b)', ['other: foreign key f to thing would set site_id on delete (D4)']],
    ['key to a local table',      'alter table thing add constraint f foreign key (b) references queue',              ['thing: foreign key f to queue points at a table that only the coordinator has (D4)']],
  ])('catch %s', async (_story, change, faults) => {
    expect(await faultsOf(change)).toEqual(faults)
  })
})

describe('the statement rules', () => {
  const tables = ['stock', 'move', 'availability', 'lot']

  test.each([
    'select quantity from stock where site_id = $1 and item_id = any($2::int[]) for update',
    'select s.quantity from unnest($2::int[]) u (item_id) join stock s on s.site_id = $1 and s.item_id = u.item_id',
    'insert into move (site_id, sequence) select $1, m.* from unnest($2::bigint[]) m',
    'insert into move (site_id, sequence) values ($1, $2), ($1, $3)',
    'insert into stock (site_id, lot) select $1::int, t.* from unnest($2::text[]) t (lot) on conflict (site_id, lot) do update set lot = excluded.lot',
    'update availability a set reserved = t.reserved from unnest($2::int[], $3::bigint[]) t (item_id, reserved) where a.site_id = $1 and a.item_id = t.item_id',
    'delete from stock where site_id = $1 and quantity = 0',
    'select m.sequence, s.lot from move m join stock s on s.site_id = m.site_id and s.item_id = m.item_id where m.site_id = $1',
    'select site_id, sum(quantity)::bigint from stock -- every site: verification reads the whole ledger\n group by site_id',
    'with stock as (select 1 as one) select one from stock',
    'select lot, move from item',
    'update item set name = $1 where item_id = $2',
    "insert into epoch values (1) on conflict do nothing",
  ])('let pass: %s', (text) => {
    expect(statementFaults(text, tables)).toEqual([])
  })

  test.each([
    ['select quantity from stock where item_id = $1',                                        ['touches stock without "site_id = " a parameter (or "-- every site: why")']],
    ['select quantity from stock -- every site\n where item_id = $1',                        ['touches stock without "site_id = " a parameter (or "-- every site: why")']],
    ['select 1 from item, stock where item.item_id = stock.item_id',                         ['touches stock without "site_id = " a parameter (or "-- every site: why")']],
    ['update stock set quantity = 0',                                                        ['touches stock without "site_id = " a parameter (or "-- every site: why")']],
    ['delete from stock s using unnest($1::int[]) u (site) where s.site_id = u.site',        ['touches stock without "site_id = " a parameter (or "-- every site: why")']],
    ['select 1 from stock where site_id = any($1::int[])',                                   ['touches stock without "site_id = " a parameter (or "-- every site: why")']],
    ['select 1 from stock s join move m on m.item_id = s.item_id where s.site_id = $1',      ['does not say the site of move m']],
    ['insert into stock (item_id, site_id) values ($2, $1)',                                 ['inserts into stock without naming site_id first']],
    ['insert into stock values ($1, $2)',                                                    ['inserts into stock without naming site_id first']],
    ['insert into stock (site_id, lot) select u.* from unnest($1::int[], $2::text[]) u',     ['inserts into stock rows whose site is not a parameter: one statement a site']],
    ['select 1 from stock where item_id = $1 for update -- every site: a sweep',             ['locks rows of stock over several sites: lock site by site, ascending']],
    ['select 1 from stock limit 1 for update skip locked -- every site: a queue',            ['locks rows of stock over several sites: lock site by site, ascending']],
    ['insert into epoch values ($1) on conflict (epoch) do update set begun_at = now()',     ['calls a clock or a lot in DO UPDATE: put the value into the row and use excluded']],
    ['insert into stock (site_id) values ($1) on conflict (site_id) do update set at = clock_timestamp()', ['calls a clock or a lot in DO UPDATE: put the value into the row and use excluded']],
    ['merge into stock s using (values (1)) v (a) on s.site_id = $1 when matched then do nothing', ['uses MERGE: write insert .. on conflict, or update .. from', 'inserts into stock without naming site_id first']],
    ['select 1 from stock where site_id = $1 group by rollup (lot)',                         ['groups in several ways at once: write a union all of group bys']],
    ['select ctid from stock where site_id = $1',                                            ['reads a system column, which means nothing across shards']],
    ['update stock set site_id = $2 where site_id = $1',                                     ['changes site_id, by which the rows are spread']],
  ])('catch: %s', (text, faults) => {
    expect(statementFaults(text, tables)).toEqual(faults)
  })

  test('find the SQL of a source file, with values as parameters and SQL inside SQL in its place', () => {
    const source = [
      'const a = sql`select ${one} from stock where ${flag ? sql`x` : sql`y`} and ${sql`site_id = ${two}`}`',
      "await tx.script('truncate stock')",
      'const b = { text: `update stock set x = ${y}`, values: [] }',
      'const c = `not sql`',
    ].join('\n')
    expect(statementsIn(source)).toEqual([
      { line: 1, text: 'select $1 from stock where $2 and site_id = $1' },
      { line: 2, text: 'truncate stock' },
      { line: 3, text: 'update stock set x = $1' },
    ])
  })

  test('read a condition in the statement it is put into', () => {
    const source = [
      'const stockWhere = (condition: Statement): Statement => sql`select 1 from stock where ${condition}`',
      'read(stockWhere(sql`site_id = ${site}`))',
      'read(stockWhere(elsewhere))',
    ].join('\n')
    const found = statementsIn(source)
    expect(found).toEqual([{ line: 2, text: 'select 1 from stock where site_id = $1' }, { line: 3, text: 'select 1 from stock where $1' }])
    expect(found.map(({ text }) => statementFaults(text, tables).length)).toEqual([0, 1])
  })

  test('find a question for the constraint that was broken', () => {
    expect(constraintReadsIn("if (error.constraint === 'stock_pkey') retry()\nconst { constraint: name } = error\nconst constraint = 1")).toEqual([1, 2])
  })
})
