// Recount of a quantity: what the named moves brought and took, read by their numbers; and whether they are all the moves that did.

import { namesOff, pagesOff, rowsOf, sumOf, whole, type Page, type Raw, type RawRow, type Recounted } from './raw.ts'

export interface QuantityQuestion {
  readonly site: string
  readonly sku: string
  /** What of the item is meant, by the names of a move's ends; the place by its code. */
  readonly part: Readonly<Partial<Record<'place' | 'lot' | 'serial' | 'package' | 'condition', string>>>
}

interface Told {
  readonly sequence: number
  readonly in: number
  readonly out: number
  readonly sum: number
}

/** Both ends of moves; virtual places are below 100 and hold nothing. */
const ends = `
  select e.sequence::text, e.side, e.quantity::text, e.package, e.lot, e.serial, e.condition, p.code as place, (e.owner_id = s.owner_id)::text as own,
    i.sku, (e.occurred_at <= $2::timestamptz and e.sequence <= $3::bigint)::text as counts
  from site s
  join (
    select site_id, sequence, item_id, quantity, occurred_at, 'in' as side, to_place_id as place_id, to_package as package, to_lot as lot,
      to_serial as serial, to_condition as condition, to_owner_id as owner_id from move
    union all
    select site_id, sequence, item_id, quantity, occurred_at, 'out', from_place_id, from_package, from_lot, from_serial, from_condition, from_owner_id from move
  ) e on e.site_id = s.site_id and e.place_id >= 100
  join item i on i.item_id = e.item_id
  left join place p on p.site_id = e.site_id and p.place_id = e.place_id
  where s.code = $1`

export async function recountQuantity(raw: Raw, { site, sku, part }: QuantityQuestion, pages: readonly Page[]): Promise<Recounted> {
  const { at, sequence } = pages[0] as { readonly at: string; readonly sequence: number }
  const rows = rowsOf<Told>(pages, 'rows')
  const named = rows.map((row) => String(row.sequence))
  const isMeant = (end: RawRow): boolean =>
    end['sku'] === sku && end['counts'] === 'true' && end['own'] === 'true' && Object.entries(part).every(([name, wanted]) => end[name] === wanted)
  const byId = await raw(`${ends} and e.sequence = any($4::bigint[])`, [site, at, sequence, `{${named.join(',')}}`])
  const bySequence = Map.groupBy(byId.filter(isMeant), (end) => end['sequence']!)
  const sumOn = (one: string, side: string): bigint =>
    sumOf(
      (bySequence.get(one) ?? []).filter((end) => end['side'] === side),
      (end) => whole(end['quantity']),
    )
  const faults = rows.flatMap((row) => {
    const [came, went] = [sumOn(String(row.sequence), 'in'), sumOn(String(row.sequence), 'out')]
    return came === BigInt(row.in) && went === BigInt(row.out)
      ? []
      : [`Move ${row.sequence} brought ${came} and took ${went}, and is told as ${row.in} and ${row.out}.`]
  })
  const all = Map.groupBy((await raw(`${ends} and i.sku = $4`, [site, at, sequence, sku])).filter(isMeant), (end) => end['sequence']!)
  const should = [...all].filter(([, both]) => sumOf(both, (end) => (end['side'] === 'in' ? 1n : -1n)) !== 0n).map(([one]) => one)
  const change = (page: Page): bigint => sumOf(page['rows'] as readonly Told[], (row) => BigInt(row.in - row.out))
  const figure = sumOf(named, (one) => sumOn(one, 'in') - sumOn(one, 'out'))
  let running = 0n
  for (const row of rows.toReversed()) {
    running += BigInt(row.in - row.out)
    if (running !== BigInt(row.sum)) faults.push(`Up to move ${row.sequence} it is ${running}, and told is ${row.sum}.`)
  }
  return { figure: { quantity: Number(figure) }, faults: [...faults, ...namesOff('Move', named, should), ...pagesOff(pages, { quantity: change })] }
}
