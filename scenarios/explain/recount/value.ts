// Recount of a value and of a cost: what the named moves and corrections add and take, read by their numbers and ids; whether they are all; and what one
// costs by the method, by arithmetic of its own.

import { namesOff, pagesOff, rowsOf, sumOf, whole, type Page, type Raw, type Recounted } from './raw.ts'

export interface ValueQuestion {
  readonly site: string
  readonly sku: string
}

interface Told {
  readonly kind: 'move' | 'correction'
  readonly sequence: number
  readonly correction: string | null
  readonly quantity: number
  readonly value: number
  readonly sumQuantity: number
  readonly sumValue: number
}

/** Goods of ours that crossed the site's boundary or became ours where they stood, and what was corrected. */
const changes = `
  select c.key, c.quantity::text, c.value::text, i.sku, c.counts::text
  from site s
  join (
    select site_id, item_id, to_owner_id as owner_id, 'move ' || sequence as key, quantity, value_minor as value,
      occurred_at <= $2::timestamptz and sequence <= $3::bigint as counts
    from move where to_place_id >= 100 and (from_place_id < 100 or from_owner_id <> to_owner_id)
    union all
    select site_id, item_id, from_owner_id, 'move ' || sequence, -quantity, -value_minor, occurred_at <= $2::timestamptz and sequence <= $3::bigint
    from move where from_place_id >= 100 and (to_place_id < 100 or from_owner_id <> to_owner_id)
    union all
    select site_id, item_id, owner_id, 'correction ' || correction_id, 0, amount_minor,
      counts_on <= ($2::timestamptz at time zone 'UTC')::date and move_sequence <= $3::bigint
    from value_correction
  ) c on c.site_id = s.site_id and c.owner_id = s.owner_id
  join item i on i.item_id = c.item_id
  where s.code = $1`

export async function recountValue(raw: Raw, { site, sku }: ValueQuestion, pages: readonly Page[]): Promise<Recounted> {
  const { at, sequence } = pages[0] as { readonly at: string; readonly sequence: number }
  const rows = rowsOf<Told>(pages, 'rows')
  const keyOf = (row: Told): string => (row.kind === 'move' ? `move ${row.sequence}` : `correction ${row.correction}`)
  const named = rows.map(keyOf)
  const byId = new Map(
    (await raw(`${changes} and c.key in (select json_array_elements_text($4::json))`, [site, at, sequence, JSON.stringify(named)]))
      .filter((row) => row['sku'] === sku && row['counts'] === 'true')
      .map((row) => [row['key']!, row]),
  )
  const faults = rows.flatMap((row) => {
    const [quantity, value] = ['quantity', 'value'].map((name) => whole(byId.get(keyOf(row))?.[name])) as [bigint, bigint]
    return quantity === BigInt(row.quantity) && value === BigInt(row.value)
      ? []
      : [`${keyOf(row)} is ${quantity} worth ${value}, and told as ${row.quantity} worth ${row.value}.`]
  })
  const should = (await raw(`${changes} and c.counts and i.sku = $4`, [site, at, sequence, sku])).map((row) => row['key']!)
  const onPage = (name: 'quantity' | 'value') => (page: Page) => sumOf(page['rows'] as readonly Told[], (row) => BigInt(row[name]))
  const figure = {
    quantity: Number(sumOf([...byId.values()], (row) => whole(row['quantity']))),
    value: Number(sumOf([...byId.values()], (row) => whole(row['value']))),
  }
  let [quantity, value] = [0, 0]
  for (const row of rows.toReversed()) {
    quantity += row.quantity
    value += row.value
    if (quantity !== row.sumQuantity || value !== row.sumValue)
      faults.push(`Up to ${keyOf(row)} it is ${quantity} worth ${value}, and told is ${row.sumQuantity} worth ${row.sumValue}.`)
  }
  return {
    figure,
    faults: [...faults, ...namesOff('The row', named, should), ...pagesOff(pages, { quantity: onPage('quantity'), value: onPage('value') })],
  }
}

/** What lies in the middle goes to the even one. */
function halfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator - (numerator % denominator < 0n ? 1n : 0n)
  const twice = 2n * (numerator - floor * denominator)
  if (twice === denominator) return floor % 2n === 0n ? floor : floor + 1n
  return twice > denominator ? floor + 1n : floor
}

/** The item's value row, where it has one, else what the item says. */
const valueRow = `
  select coalesce(v.method, i.valuation) as method, coalesce(v.last_value_minor, i.standard_cost_minor)::text as last_value,
    coalesce(v.last_quantity, 1)::text as last_quantity, coalesce(v.layers, '[]')::text as layers
  from site s cross join item i
  left join item_value v on v.site_id = s.site_id and v.item_id = i.item_id and v.owner_id = s.owner_id
  where s.code = $1 and i.sku = $2`

/** What the item was valued by: the first decision that came later says what it was before. */
const methodBefore = `
  select r.method_before from restatement r join site s on s.site_id = r.site_id join item i on i.item_id = r.item_id
  where s.code = $1 and i.sku = $2 and (r.restated_at > $3::timestamptz or r.move_sequence > $4::bigint)
  order by r.restated_at, r.age limit 1`

interface Layer {
  readonly quantity: number
  readonly value: number
}

export async function recountCost(raw: Raw, question: ValueQuestion, pages: readonly Page[]): Promise<Recounted> {
  const { figure, faults } = await recountValue(raw, question, pages)
  const first = pages[0] as {
    readonly at: string
    readonly sequence: number
    readonly wanted: number
    readonly last: unknown
    readonly method: string
  }
  const [[row], [before]] = await Promise.all([
    raw(valueRow, [question.site, question.sku]),
    raw(methodBefore, [question.site, question.sku, first.at, first.sequence]),
  ])
  const method = before?.['method_before'] ?? row!['method']!
  const [quantity, value] = [BigInt(figure['quantity'] as number), BigInt(figure['value'] as number)]
  const each = quantity > 0n ? Number(halfEven(value, quantity)) : null
  if (first.last === null) return { figure: { ...figure, each, leaves: null, method }, faults }
  const layers = JSON.parse(row!['layers']!) as readonly Layer[]
  const last = { quantity: whole(row!['last_quantity']), value: whole(row!['last_value']) }
  const leaves = leaving(method, { quantity, value }, layers, last, BigInt(first.wanted))
  const inLayers = [sumOf(layers, (one) => BigInt(one.quantity)), sumOf(layers, (one) => BigInt(one.value))]
  const torn = layers.length > 0 && (inLayers[0] !== quantity || inLayers[1] !== value) ? [`The layers are ${inLayers[0]} worth ${inLayers[1]}.`] : []
  return { figure: { ...figure, each, leaves: Number(leaves), method }, faults: [...faults, ...torn] }
}

interface Some {
  readonly quantity: bigint
  readonly value: bigint
}

/** What so many cost that leave next: at the standard; else what is there, and beyond it at the last cost. */
function leaving(method: string, there: Some, layers: readonly Layer[], last: Some, wanted: bigint): bigint {
  if (method === 'standard') return halfEven(last.value * wanted, last.quantity)
  const covered = there.quantity < 0n ? 0n : there.quantity < wanted ? there.quantity : wanted
  const beyond = wanted > covered ? halfEven(last.value * (wanted - covered), last.quantity) : 0n
  if (covered === 0n) return beyond
  if (covered === there.quantity) return there.value + beyond
  if (method === 'average') return halfEven(there.value * covered, there.quantity)
  let [left, cost] = [covered, 0n]
  for (const layer of layers) {
    const some = BigInt(layer.quantity) < left ? BigInt(layer.quantity) : left
    cost += halfEven(BigInt(layer.value) * some, BigInt(layer.quantity))
    left -= some
    if (left === 0n) break
  }
  return cost
}
