// Recount of availability: what the named stock rows and planned moves come to, read by their keys; whether they are all; and what can be promised, day
// by day, by the formula itself.

import { namesOff, pagesOff, rowsOf, sumOf, whole, type Page, type Raw, type RawRow, type Recounted } from './raw.ts'

export interface AvailabilityQuestion {
  readonly site: string
  readonly sku: string
  /** So many are asked for, beginning with the day in question. */
  readonly wanted: number
}

interface StockTold {
  readonly place: string
  readonly lot: string
  readonly serial: string
  readonly package: string
  readonly owner: string
  readonly quantity: number
  readonly consigned: boolean
}
interface PlannedTold {
  readonly document: string
  readonly line: number
  readonly part: number
  readonly direction: 'supply' | 'demand'
  readonly open: number
  readonly held: number
}

const DAY = 86_400_000
/** Beyond the last day on which anything is due. */
const DAYS_MAX = 400

const stock = `
  select s.quantity::text, (s.owner_id <> o.owner_id)::text as consigned, json_build_array(p.code, s.lot, s.serial, s.package, w.code)::text as key
  from stock s
  join site o on o.site_id = s.site_id
  join item i on i.item_id = s.item_id
  join party w on w.party_id = s.owner_id
  join place p on p.site_id = s.site_id and p.place_id = s.place_id
  where (s.owner_id = o.owner_id or (s.item_id, s.owner_id) in (select item_id, supplier_id from supplier_item)) and o.code = $1 and i.sku = $2 and s.condition = 'sellable' and p.kind not in ('inspection', 'vehicle', 'work_centre')`

const plans = `
  select m.direction, m.due_on::text as due, (case when m.bound then m.held else m.planned - m.posted - m.cancelled end)::text as open, m.held::text,
    json_build_array(m.document_id, m.line, m.part)::text as key
  from planned_move m
  join site o on o.site_id = m.site_id and o.owner_id = m.owner_id
  join item i on i.item_id = m.item_id
  where o.code = $1 and i.sku = $2 and m.planned > m.posted + m.cancelled and (m.held > 0 or m.bound is not true) and m.status in ('firm', 'released')`

/** What was recorded when it was believed, less what is safe; by the record alone nothing is doubted. */
const doubts = `
  select (case when i.service_level_e3 = 0 then 0 else (k.noted ->> 'recorded')::bigint - b.safe end)::text as doubted
  from belief b
  join belief_state k on k.site_id = b.site_id and k.item_id = b.item_id
  join site o on o.site_id = b.site_id and o.owner_id = b.owner_id
  join item i on i.item_id = b.item_id
  where o.code = $1 and i.sku = $2`

const stockKey = (row: StockTold): string => listed([row.place, row.lot, row.serial, row.package, row.owner])
const planKey = (row: PlannedTold): string => listed([row.document, row.line, row.part])
/** As PostgreSQL writes a list. */
const listed = (parts: readonly (string | number)[]): string => `[${parts.map((part) => JSON.stringify(part)).join(', ')}]`

export async function recountAvailability(raw: Raw, { site, sku, wanted }: AvailabilityQuestion, pages: readonly Page[]): Promise<Recounted> {
  const { on, today } = pages[0] as { readonly on: string; readonly today: string }
  const [stocked, planned] = [rowsOf<StockTold>(pages, 'stock'), rowsOf<PlannedTold>(pages, 'planned')]
  const [stockRows, planRows, doubtRows] = await Promise.all([raw(stock, [site, sku]), raw(plans, [site, sku]), raw(doubts, [site, sku])])
  const namedStock = named(stockRows, stocked.map(stockKey))
  const namedPlans = named(planRows, planned.map(planKey))
  const open = (direction: string): bigint =>
    sumOf(
      namedPlans.filter((row) => row['direction'] === direction),
      (row) => whole(row['open']),
    )
  const [sellable, consigned] = ['false', 'true'].map((whose) =>
    sumOf(
      namedStock.filter((row) => row['consigned'] === whose),
      (row) => whole(row['quantity']),
    ),
  ) as [bigint, bigint]
  const reserved = sumOf(namedPlans, (row) => whole(row['held']))
  const [atLeastNone, asked] = [(some: bigint) => (some > 0n ? some : 0n), on < today ? today : on]
  const unsafe = atLeastNone(sumOf(doubtRows, (row) => whole(row['doubted'])))
  const doubted = unsafe < atLeastNone(sellable) ? unsafe : atLeastNone(sellable)
  const promisable = promisableOn(sellable + consigned - doubted, namedPlans, today)
  const held = [BigInt(wanted), atLeastNone(sellable + consigned - reserved - doubted), promisable(today)].reduce((a, b) => (a < b ? a : b))
  const figure = {
    sellable: Number(sellable),
    consigned: Number(consigned),
    reserved: Number(reserved),
    doubted: Number(doubted),
    free: Number(atLeastNone(sellable - reserved - doubted)),
    demand: Number(open('demand')),
    supply: Number(open('supply')),
    promisable: Number(promisable(asked)),
    held: Number(held),
    promised: held === BigInt(wanted) ? asked : firstDay(promisable, asked, BigInt(wanted)),
  }
  const onPage = (list: string, of: (row: StockTold & PlannedTold) => number) => (page: Page) =>
    sumOf(page[list] as readonly (StockTold & PlannedTold)[], (row) => BigInt(of(row)))
  return {
    figure,
    faults: [
      ...namesOff(
        'The stock row',
        stocked.map(stockKey),
        stockRows.map((row) => row['key']!),
      ),
      ...namesOff(
        'The planned move',
        planned.map(planKey),
        planRows.map((row) => row['key']!),
      ),
      ...pagesOff(pages, {
        sellable: onPage('stock', (row) => (row.consigned ? 0 : row.quantity)),
        consigned: onPage('stock', (row) => (row.consigned ? row.quantity : 0)),
        reserved: onPage('planned', (row) => row.held),
        demand: onPage('planned', (row) => (row.direction === 'demand' ? row.open : 0)),
        supply: onPage('planned', (row) => (row.direction === 'supply' ? row.open : 0)),
      }),
    ],
  }
}

const named = (rows: readonly RawRow[], keys: readonly string[]): readonly RawRow[] => rows.filter((row) => keys.includes(row['key']!))

/** The least that is left over on the day or any later one, each demand counted once; what is overdue is due today. */
function promisableOn(sellable: bigint, rows: readonly RawRow[], today: string): (day: string) => bigint {
  const due = rows.map((row) => ({
    on: row['due']! < today ? today : row['due']!,
    change: row['direction'] === 'supply' ? whole(row['open']) : -whole(row['open']),
  }))
  const last = due.reduce((latest, one) => (one.on > latest ? one.on : latest), today)
  return (day) => {
    let least: bigint | undefined
    for (let at = day; ; at = nextDay(at)) {
      const left =
        sellable +
        sumOf(
          due.filter((one) => one.on <= at),
          (one) => one.change,
        )
      if (least === undefined || left < least) least = left
      if (at >= last) return least < 0n ? 0n : least
    }
  }
}

const nextDay = (day: string): string => new Date(Date.parse(day) + DAY).toISOString().slice(0, 10)

function firstDay(promisable: (day: string) => bigint, from: string, wanted: bigint): string | null {
  let day = from
  for (let days = 0; days < DAYS_MAX; days += 1) {
    if (promisable(day) >= wanted) return day
    day = nextDay(day)
  }
  return null
}
