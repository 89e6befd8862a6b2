import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openDatabase, sql } from './db.ts'
import { distributionSteps } from './distribute.ts'
import { manifest } from './manifest.ts'
import { migrate, readMigrations } from './migrate.ts'
import { testDatabase } from './test-database.ts'

const [migrated, empty] = await Promise.all([testDatabase(), testDatabase('empty')])
const clock = (): number => Date.UTC(2026, 0, 2, 3, 4, 5)
const folders: string[] = []
const migrations = join(import.meta.dirname, 'migrations')

/** A folder with these files beside copies of the real migrations. */
async function folderWith(files: Record<string, string>, real = true): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'quartermaster-migrations-'))
  folders.push(folder)
  if (real) await cp(migrations, folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

const next = async (): Promise<string> => String((await readMigrations()).length + 1).padStart(4, '0')

describe('migrate', () => {
  test('two starters on an empty database: each migration runs once', async () => {
    const starters = [openDatabase(empty.connection), openDatabase(empty.connection), openDatabase(empty.connection)]
    const done = await Promise.all(starters.map((database) => migrate(database, { clock })))
    const names = (await readMigrations()).map(({ name }) => name)
    expect(done.flat().sort()).toEqual(names)
    const rows = await empty.owner.query<{ name: string; applied_at: number }>(sql`select name, applied_at from migration order by number`)
    expect(rows).toEqual(names.map((name) => ({ name, applied_at: clock() })))
    await Promise.all(starters.map((database) => database.close()))
  })

  test('a second run has nothing to do', async () => {
    expect(await migrate(migrated.owner, { clock })).toEqual([])
  })

  test('a changed text of an applied migration is refused', async () => {
    const { name } = (await readMigrations())[0]!
    const folder = await folderWith({ [`${name}.sql`]: '-- Other words.\nselect 1;\n' })
    await expect(migrate(migrated.owner, { clock, folder })).rejects.toMatchObject({ code: 'migration_changed', message: expect.stringContaining(name) })
  })

  test('a database newer than the code is refused', async () => {
    const folder = await folderWith({ '0001-alone.sql': '-- Alone.\nselect 1;\n' }, false)
    await migrated.owner.execute(sql`insert into migration values (9999, '9999-future', 'x', to_timestamp(0))`)
    await expect(migrate(migrated.owner, { clock })).rejects.toMatchObject({ code: 'database_newer', message: expect.stringContaining('9999-future') })
    await migrated.owner.execute(sql`delete from migration where number = 9999`)
    await expect(migrate(migrated.owner, { clock, folder })).rejects.toMatchObject({ code: 'migration_changed' })
  })

  test('a migration that fails leaves nothing behind', async () => {
    const folder = await folderWith({ [`${await next()}-broken.sql`]: '-- Breaks.\ncreate table half (a int);\nselect 1 / 0;\n' })
    await expect(migrate(migrated.owner, { clock, folder })).rejects.toMatchObject({ code: '22012' })
    expect(await migrated.owner.query(sql`select to_regclass('half') as half, (select count(*) from migration where name like '%broken') as rows`)).toEqual([{ half: null, rows: 0 }])
  })

  test.each([
    ['a gap in the numbers', '0099-far.sql', '-- Why.\n'],
    ['no reason in the first line', 'NEXT-silent.sql', 'select 1;\n'],
    ['a name out of form', 'NEXT_Under.sql', '-- Why.\n'],
  ])('refuses %s', async (_story, file, text) => {
    const folder = await folderWith({ [file.replace('NEXT', await next())]: text })
    await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'migration_malformed' })
  })
})

describe('manifest', () => {
  test('names exactly the tables of the database', async () => {
    const rows = await migrated.owner.query<{ name: string }>(sql`
      select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`)
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(manifest).sort())
  })

  test('is what Citus is told: reference tables first, site tables colocated, what is distributed left alone', () => {
    const rules = { a: { kind: 'site' }, b: { kind: 'reference' }, c: { kind: 'site' }, d: { kind: 'local' } } as const
    expect(distributionSteps(rules, new Set()).map(({ statement }) => statement)).toEqual([
      "select create_reference_table('b')",
      "select create_distributed_table('a', 'site_id', colocate_with => 'none')",
      "select create_distributed_table('c', 'site_id', colocate_with => 'a')",
    ])
    expect(distributionSteps(rules, new Set(['a', 'b'])).map(({ table }) => table)).toEqual(['c'])
  })
})

describe('the running server', () => {
  test.each(Object.keys(manifest).filter((table) => manifest[table]!.appendOnly))('cannot change %s, which is append-only', async (table) => {
    for (const statement of [`update ${table} set site_id = site_id`, `delete from ${table}`, `truncate ${table}`]) {
      await expect(migrated.server.script(statement)).rejects.toMatchObject({ code: '42501' })
    }
    await migrated.server.script(`select * from ${table}`)
  })

  test('cannot touch the record of migrations, nor create tables', async () => {
    await expect(migrated.server.script('delete from migration')).rejects.toMatchObject({ code: '42501' })
    await expect(migrated.server.script('create table mine (a int)')).rejects.toMatchObject({ code: '42501' })
  })

  test('loses at the next migrate what somebody granted by hand, and gets back what was taken', async () => {
    await migrated.owner.script('grant update, truncate on move to quartermaster_server; revoke insert on move from quartermaster_server')
    await migrate(migrated.owner, { clock })
    await expect(migrated.server.script('update move set quantity = 1')).rejects.toMatchObject({ code: '42501' })
    await expect(migrated.server.script('insert into move (site_id) values (1)')).rejects.toMatchObject({ code: '23502' })
  })
})

test('purchases from before they were records keep their supplier, and what came of them', async () => {
  const { owner } = await testDatabase('empty')
  const folder = await folderWith(Object.fromEntries(await Promise.all((await readMigrations()).slice(0, 5).map(async ({ name }) =>
    [`${name}.sql`, await readFile(join(migrations, `${name}.sql`), 'utf8')] as const))), false)
  await migrate(owner, { clock, folder })
  const id = '019a0000-0000-7000-8000-000000000001'
  await owner.script(`
    insert into party values (5, 'S1', 'Parts', 'supplier');
    insert into item values (9, 'A', 'A', 'EA', 'none', 120, 250);
    insert into outbox values (7, 3, 'purchase.placed', 1, '${id}', null, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '{"supplier":"S1"}');
    insert into planned_move values (7, '${id}', 1, 1, 'purchase', 'supply', 'firm', 9, 1, 1, 100, 7, '2026-02-01', 0, 3, 10, 4, 1, 0, 0, 0, null)`)
  await migrate(owner, { clock })
  expect(await owner.query(sql`select site_id as site, supplier_id as supplier, ordered_at::text as at from purchase`)).toMatchObject([{ site: 7, supplier: 5 }])
  expect(await owner.query(sql`select item_id as item, quantity, unit_price_minor as price, due_on as due, received, rejected, cancelled from purchase_line`)).toEqual([
    { item: 9, quantity: 10, price: 120, due: '2026-02-01', received: 4, rejected: 0, cancelled: 1 },
  ])
})
