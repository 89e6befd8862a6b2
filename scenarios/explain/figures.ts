// Figures: draws figures that people see, asks what explains them and what the ordinary page shows, has them recounted from the named rows alone
// (recount/, which shares nothing with the product), and says whether all three are one.

import { addDays, dayOf, instant, textOf, type Day } from '../../core/calendar.ts'
import type { StockAsOf } from '../../server/as-of.ts'
import { sql } from '../../server/db.ts'
import { Chance } from '../chance.ts'
import type { Ground } from './ground.ts'
import { recountAvailability } from './recount/availability.ts'
import { recountPromise } from './recount/promise.ts'
import { recountQuantity } from './recount/quantity.ts'
import type { Page, Raw, Recounted } from './recount/raw.ts'
import { recountCost, recountValue } from './recount/value.ts'

export const figureKinds = ['quantity', 'availability', 'cost', 'promise', 'value'] as const
export type FigureKind = (typeof figureKinds)[number]

type Figure = Readonly<Record<string, unknown>>

interface Drawn {
  /** The explanation's address, without paging. */
  readonly path: string
  readonly recount: (raw: Raw, pages: readonly Page[]) => Promise<Recounted>
  /** What an ordinary page or endpoint shows of it. */
  readonly shown: (first: Page) => Promise<Figure>
}

/** A figure that is not what it is explained to be. */
export interface Wrong {
  readonly kind: FigureKind
  readonly path: string
  readonly explained: Figure
  readonly recounted: Figure
  readonly shown: Figure
  readonly faults: readonly string[]
}

export interface Checked {
  readonly figures: number
  readonly by_kind: Readonly<Record<FigureKind, number>>
  readonly rows: number
  readonly wrong: readonly Wrong[]
}

/** Checks so many figures, of each kind as many. */
export async function checkFigures(ground: Ground, seed: number, figures: number): Promise<Checked> {
  const chance = new Chance(seed)
  const byKind: Record<FigureKind, number> = { quantity: 0, availability: 0, cost: 0, promise: 0, value: 0 }
  const wrong: Wrong[] = []
  let rows = 0
  const lines = await promisedLines(ground)
  for (let index = 0; index < figures; index += 1) {
    const kind = figureKinds[index % figureKinds.length]!
    const drawn = kind === 'promise' ? promiseOf(ground, chance.oneOf(lines)) : await draws[kind](ground, chance)
    const checked = await check(ground, kind, drawn, chance.oneOf([5, 40, 1_000]))
    byKind[kind] += 1
    rows += checked.rows
    if (checked.wrong !== undefined) wrong.push(checked.wrong)
  }
  return { figures, by_kind: byKind, rows, wrong }
}

const rawOf =
  ({ owner }: Ground): Raw =>
  (text, values) =>
    owner.query({ text, values })

async function check(ground: Ground, kind: FigureKind, drawn: Drawn, limit: number): Promise<{ readonly rows: number; readonly wrong?: Wrong }> {
  const pages = await pagesOf(ground, drawn.path, kind === 'promise' ? undefined : limit)
  const first = pages[0]!
  const explained = { ...(first['figure'] as Figure), ...(first['method'] === undefined ? {} : { method: first['method'] }) }
  const [{ figure: recounted, faults }, shown] = await Promise.all([drawn.recount(rawOf(ground), pages), drawn.shown(first)])
  const differ = (a: Figure, b: Figure): boolean => Object.keys(a).some((name) => name in b && a[name] !== b[name])
  const missing = Object.keys(explained).filter((name) => !(name in recounted))
  const isWrong = missing.length > 0 || differ(explained, recounted) || differ(explained, shown) || differ(shown, recounted) || faults.length > 0
  const rows = pages.reduce(
    (sum, page) =>
      sum +
      ['rows', 'stock', 'planned', 'demand', 'pegs', 'events'].reduce((all, list) => all + ((page[list] as unknown[] | undefined)?.length ?? 0), 0),
    0,
  )
  return isWrong ? { rows, wrong: { kind, path: drawn.path, explained, recounted, shown, faults } } : { rows }
}

/** All pages of an explanation; a promise has one. */
async function pagesOf({ ask }: Ground, path: string, limit: number | undefined): Promise<readonly Page[]> {
  if (limit === undefined) return [await ask(path)]
  const pages: Page[] = []
  for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)!['next'] as string | null) {
    pages.push(await ask(`${path}&limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`))
  }
  return pages
}

const query = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&')

/** Now, or as it was, or as it was known, or both. */
function when({ begun, world }: Ground, chance: Chance): { readonly at?: string; readonly sequence?: number; readonly knownAt?: string } {
  const some = (): string => textOf(instant(begun + chance.below(Math.max(world.now() - begun, 1))))
  return chance.oneOf([{}, { at: some() }, { sequence: chance.below(1_500) }, { knownAt: some() }, { at: some(), sequence: chance.below(1_500) }])
}

/** A part of an item that was once moved: some of what its end says, or all of it. */
async function partIn({ owner }: Ground, chance: Chance, sku: string): Promise<Readonly<Record<string, string>>> {
  if (chance.once(4)) return {}
  const ends = await owner.query<Readonly<Record<string, string>>>(sql`
    select p.code as place, m.to_lot as lot, m.to_serial as serial, m.to_package as package, m.to_condition as condition
    from move m join place p on p.site_id = m.site_id and p.place_id = m.to_place_id join item i on i.item_id = m.item_id
    where i.sku = ${sku} -- every site: the test's own
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`)
  if (ends.length === 0) return {}
  const all = chance.once(3)
  return Object.fromEntries(Object.entries(chance.oneOf(ends)).filter(() => all || chance.once(2)))
}

const draws: { readonly [Kind in Exclude<FigureKind, 'promise'>]: (ground: Ground, chance: Chance) => Promise<Drawn> } = {
  quantity: async (ground, chance) => {
    const [site, sku, asOf] = [chance.oneOf(ground.sites), chance.oneOf(ground.skus), when(ground, chance)]
    const part = await partIn(ground, chance, sku)
    return {
      path: `/api/explain/quantity?${query({ site, sku, ...asOf, ...part })}`,
      recount: (raw, pages) => recountQuantity(raw, { site, sku, part }, pages),
      shown: async () => {
        const { rows } = (await ground.ask(`/api/items/${sku}/as-of?${query({ site, ...asOf })}`)) as unknown as StockAsOf
        const meant = rows.filter((row) => Object.entries(part).every(([name, wanted]) => row[name as 'place'] === wanted))
        return { quantity: meant.reduce((sum, row) => sum + row.quantity, 0) }
      },
    }
  },
  availability: async (ground, chance) => {
    const [site, sku, wanted] = [chance.oneOf(ground.sites), chance.oneOf(ground.skus), 1 + chance.below(12)]
    const on = addDays(ground.world.today(), chance.below(12) - 2)
    return {
      path: `/api/explain/availability?${query({ site, sku, on })}`,
      recount: (raw, pages) => recountAvailability(raw, { site, sku, wanted }, pages),
      shown: async () => {
        const [listed, asked] = await Promise.all([
          ground.ask(`/api/availability?${query({ site, sku })}`),
          ground.ask('/api/promises', { site, sku, quantity: wanted, requested: on }),
        ])
        const [row] = listed['rows'] as readonly Figure[]
        return {
          ...(row ?? { sellable: 0, consigned: 0, reserved: 0, doubted: 0, free: 0, demand: 0, supply: 0 }),
          held: asked['held'],
          promised: asked['promised'],
        }
      },
    }
  },
  cost: async (ground, chance) => {
    const [site, sku, wanted] = [chance.oneOf(ground.sites), chance.oneOf(ground.skus), 1 + chance.below(6)]
    const asOf = chance.once(2) ? {} : when(ground, chance)
    const isNow = Object.keys(asOf).length === 0
    return {
      path: `/api/explain/cost?${query({ site, sku, quantity: wanted, ...asOf })}`,
      recount: (raw, pages) => recountCost(raw, { site, sku }, pages),
      shown: async () => {
        if (!isNow) {
          const { quantity, value } = (await ground.ask(`/api/items/${sku}/as-of?${query({ site, ...asOf })}`)) as unknown as StockAsOf
          return { quantity, value }
        }
        const { quantity, value, method } = await ground.ask(`/api/items/${sku}/value?${query({ site })}`)
        return { quantity, value, method }
      },
    }
  },
  value: async (ground, chance) => {
    const [site, sku] = [chance.oneOf(ground.sites), chance.oneOf(ground.skus)]
    const days = Math.ceil((ground.world.now() - ground.begun) / 86_400_000)
    const on: Day = addDays(dayOf(ground.begun), chance.below(days + 1))
    return {
      path: `/api/explain/value?${query({ site, sku, on })}`,
      recount: (raw, pages) => recountValue(raw, { site, sku }, pages),
      shown: async () => {
        const listed = await ground.ask(`/api/values?${query({ site, on, limit: 1_000 })}`)
        const rows = listed['rows'] as readonly { readonly sku: string; readonly quantity: number; readonly value: number }[]
        // What all is worth is the sum of what each is.
        const total = rows.reduce((sum, row) => sum + row.value, 0)
        if (total !== listed['value']) return { value: `of all items ${String(listed['value'])}, which is not ${total}` }
        const row = rows.find((one) => one.sku === sku)
        return { quantity: row?.quantity ?? 0, value: row?.value ?? 0 }
      },
    }
  },
}

interface PromisedLine {
  readonly site: string
  readonly number: number
  readonly line: number
}

/** Those that say most come first, and are drawn more often: promised later, pegged, of two sites. */
const promisedLines = ({ owner }: Ground): Promise<readonly PromisedLine[]> =>
  owner.query<PromisedLine>(sql`
    select s.code as site, o.number, l.line
    from order_line l join orders o on o.site_id = l.site_id and o.order_id = l.order_id join site s on s.site_id = l.site_id -- every site: the test's own
    cross join lateral generate_series(1, 1
      + (select 4 * count(*)::int from later_promise t where t.site_id = l.site_id and t.order_id = l.order_id and t.line = l.line)
      + (select 2 * count(*)::int from peg g where g.demand_document_id = l.order_id and g.demand_line = l.line)
      + case when l.source_site_id <> l.site_id then 2 else 0 end) as often
    order by s.code, o.number, l.line`)

function promiseOf(ground: Ground, { site, number, line }: PromisedLine): Drawn {
  return {
    path: `/api/explain/promises/${site}-${number}/${line}`,
    recount: (raw, pages) => recountPromise(raw, { site, number, line }, pages),
    shown: async () => {
      const { lines } = (await ground.ask(`/api/orders/${site}-${number}`)) as unknown as {
        readonly lines: readonly (Figure & { readonly line: number })[]
      }
      const { promised, estimate } = lines.find((one) => one.line === line)!
      return { promised, estimate }
    },
  }
}
