// Units over HTTP: which units items have, and the door at which quantities in them become base units. Once, and here: everything behind it knows whole
// base units only, so nothing that happens to a document later can be blocked, or left open, by a rest of rounding.
//
// What is asked for is rounded as the unit says; what is there (goods that come, goods that are counted, what a supplier sells) is never rounded. Goods
// that come may be the rest of a purchase's line, but for less than one base unit: then they are that rest.

import type { PriceOfUnit } from '../../core/flow/order-price.ts'
import type { ChangedLine } from '../../core/flow/flow-change.ts'
import type { Item, ItemId, SiteId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { none, quantity, type Quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import {
  exactly,
  isRest,
  millionths,
  mixedText,
  nearest,
  parseRatio,
  priceEach,
  ratioText,
  tagOfUnit,
  unitsOf,
  whole,
  type InUnit,
  type ItemUnit,
  type Ratio,
  type Rounding,
  type Unit,
} from '../../core/unit.ts'
import { sql } from '../db.ts'
import { unitsOfItems } from '../lane/units.ts'
import { itemLines, toControl, type Asked, type ItemLine, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

/** Of any unit, so that millionths of it are counted exactly. */
const UNIT_QUANTITY_MAX = 1_000_000_000
const BASE_QUANTITY_MAX = 1_000_000_000_000n
const UNITS_NAMED_MAX = 12

/** A line as it is sent, as far as its quantity is concerned. */
interface Counted {
  readonly sku: string
  readonly unit?: string | undefined
}

interface AskedQuantity extends Counted {
  readonly quantity: number
  readonly unitPrice?: number | undefined
  readonly priceOfUnit?: number | undefined
}

/** Lines of what is asked for with their items, in base units: those that name no unit as they are. */
export async function askedLines<Line extends AskedQuantity>(
  call: Asked,
  lines: readonly Line[],
  field = 'lines',
): Promise<readonly ItemLine<Line>[] | Refusal> {
  const found = await itemLines(call, lines, field)
  if (isRefusal(found) || found.every(({ asked }) => asked.unit === undefined)) return found
  const units = await unitsNamed(call, found)
  const inBase: ItemLine<Line>[] = []
  for (const line of found) {
    const one = line.asked.unit === undefined ? line : askedLine(line, line.asked.unit, units, `${field}/${line.line}`)
    if (isRefusal(one)) return one
    inBase.push(one)
  }
  return inBase
}

type UnitsByItem = ReadonlyMap<ItemId, ReadonlyMap<string, Unit>>

const unitsNamed = ({ context }: Asked, lines: readonly ItemLine<Counted>[]): Promise<UnitsByItem> =>
  context.catalog.unitsOf(lines.flatMap(({ item, asked: { unit } }) => (unit === undefined ? [] : [{ item, unit }])))

function askedLine<Line extends AskedQuantity>(line: ItemLine<Line>, name: string, units: UnitsByItem, path: string): ItemLine<Line> | Refusal {
  const { item, asked } = line
  const unit = unitOf(item, name, units, path)
  if (isRefusal(unit)) return unit
  const inUnit = converted(item, unit, asked.quantity, unit.rounding, `${path}/quantity`)
  if (isRefusal(inUnit)) return inUnit
  const priced = priceOfUnit(asked.priceOfUnit, inUnit, path)
  if (isRefusal(priced)) return priced
  const { unitPrice = asked.unitPrice, ofUnit } = priced
  const inBase = { ...line, asked: { ...asked, quantity: inUnit.comesTo, unitPrice }, ...(ofUnit && { ofUnit }) }
  return name === item.unit ? inBase : { ...inBase, inUnit }
}

/** The price of a base unit, and what comes off where that is more than was asked for one of the unit. */
function priceOfUnit(
  price: number | undefined,
  inUnit: InUnit,
  path: string,
): { readonly unitPrice?: number; readonly ofUnit?: PriceOfUnit } | Refusal {
  if (price === undefined) return {}
  const made = priceEach(price, inUnit)
  if (made === undefined) return refuse('quantity_too_large', `${path}/priceOfUnit`, 'The line would come to more than can be kept exactly.')
  const { each, off } = made
  return { unitPrice: each, ...(off > 0 && { ofUnit: { unit: inUnit.unit, price: money(price), off: money(off) } }) }
}

function unitOf(item: Item, name: string, units: UnitsByItem, path: string): Unit | Refusal {
  const known = units.get(item.item)!
  const unit = known.get(name)
  if (unit !== undefined) return unit
  const names = [...known.keys()].slice(0, UNITS_NAMED_MAX).join(', ')
  return refuse('unit_not_known', `${path}/unit`, `${item.sku} has no unit ${name}: it is counted in ${names}.`)
}

/** So many of a unit in base units, or why they cannot be: with the nearest that can. */
function converted(item: Item, unit: Unit, some: number, rounding: Rounding, subject: string): InUnit | Refusal {
  if (some > UNIT_QUANTITY_MAX) return refuse('quantity_too_large', subject, `A quantity in ${unit.unit} is at most ${UNIT_QUANTITY_MAX}.`)
  const quantity_e6 = millionths(some)
  if (quantity_e6 === undefined) return refuse('quantity_finer_than_unit', subject, 'A quantity has at most six decimals.')
  const exact = exactly(quantity_e6, unit)
  if (exact === undefined) return { unit: unit.unit, quantity_e6, comesTo: none }
  const comesTo = whole(exact, rounding)
  if (comesTo === undefined || comesTo === 0n) return notWhole(item, unit, { some, quantity_e6, exact }, subject)
  if (comesTo > BASE_QUANTITY_MAX)
    return refuse('quantity_too_large', subject, `${some} ${unit.unit} are more than ${BASE_QUANTITY_MAX} ${item.unit}.`)
  return { unit: unit.unit, quantity_e6, comesTo: quantity(Number(comesTo)) }
}

function notWhole({ unit: base }: Item, unit: Unit, asked: { some: number; quantity_e6: number; exact: Ratio }, subject: string): Refusal {
  const { some, quantity_e6, exact } = asked
  const detail = `${some} ${unit.unit} are ${mixedText(exact)} ${base}, and only whole ${base} are kept: say ${nearest(exact, base, unit, quantity_e6)}.`
  return refuse('quantity_finer_than_unit', subject, detail)
}

/** What is there, in base units: exactly, or not at all. */
export async function countedIn(
  call: Asked,
  item: Item,
  some: number,
  { unit: name, path, field }: { readonly unit: string | undefined; readonly path: string; readonly field: string },
): Promise<Quantity | Refusal> {
  const subject = path === '' ? field : `${path}/${field}`
  if (name === undefined) return quantity(some)
  const unit = unitOf(item, name, await call.context.catalog.unitsOf([{ item, unit: name }]), path)
  if (isRefusal(unit)) return path === '' ? { ...unit, subject: 'unit' } : unit
  const made = converted(item, unit, some, 'exact', subject)
  return isRefusal(made) ? made : made.comesTo
}

/** What is taken of a purchase's line, in base units: exactly, or the rest of the line where it is that but for less than one base unit. */
export async function receivedIn(
  call: Asked,
  item: Item,
  { quantity: some, unit: name }: { readonly quantity: number; readonly unit?: string | undefined },
  path: string,
  openOf: () => Promise<Quantity>,
): Promise<Quantity | Refusal> {
  const made = await countedIn(call, item, some, { unit: name, path, field: 'quantity' })
  if (!isRefusal(made) || made.refused !== 'quantity_finer_than_unit' || name === undefined) return made
  const unit = (await call.context.catalog.unitsOf([{ item, unit: name }])).get(item.item)!.get(name)!
  const quantity_e6 = millionths(some)
  const exact = quantity_e6 === undefined ? undefined : exactly(quantity_e6, unit)
  if (exact === undefined) return made
  const open = await openOf()
  return isRest(exact, open) ? open : made
}

/** What is still expected of a purchase's line. */
export async function openOfPurchase({ context }: Asked, site: SiteId, purchase: string, line: number): Promise<Quantity> {
  const [row] = await context.database.query<{ open: Quantity }>(sql`
    select planned - posted - cancelled as open from planned_move
    where site_id = ${site} and document_id = ${purchase} and line = ${line} and part = 1 and kind = 'purchase'`)
  return row?.open ?? none
}

/** As what a line was asked for, of a row `u` that may not be there. */
export const askedColumn = sql`
  case when u.line is not null then json_build_object('quantity', u.quantity_e6 / 1000000.0, 'unit', u.unit, 'comesTo', u.comes_to) end as asked`

interface SentChange {
  readonly line: number
  readonly quantity?: number | undefined
  readonly unit?: string | undefined
}

/** What is wanted from now on of each line of an order, in base units. */
export async function changedQuantities(
  call: Asked,
  { order, site }: { readonly order: string; readonly site: SiteId },
  lines: readonly SentChange[],
): Promise<readonly Pick<ChangedLine, 'quantity' | 'inUnit'>[] | Refusal> {
  const items = lines.some((one) => one.unit !== undefined) ? await itemsOfLines(call, site, order) : new Map<number, Item>()
  const changed: Pick<ChangedLine, 'quantity' | 'inUnit'>[] = []
  for (const [index, { line, quantity: some, unit: name }] of lines.entries()) {
    const path = `lines/${index + 1}`
    const item = items.get(line)
    if (some === undefined || name === undefined) changed.push({ quantity: some === undefined ? null : quantity(some) })
    else if (item === undefined) return refuse('line_not_known', `${path}/line`, `The order has no line ${line}.`)
    else {
      const unit = unitOf(item, name, await call.context.catalog.unitsOf([{ item, unit: name }]), path)
      if (isRefusal(unit)) return unit
      const inUnit = converted(item, unit, some, unit.rounding, `${path}/quantity`)
      if (isRefusal(inUnit)) return inUnit
      const isPlain = name === item.unit || inUnit.comesTo === 0
      changed.push({ quantity: inUnit.comesTo, ...(!isPlain && { inUnit }) })
    }
  }
  return changed
}

async function itemsOfLines({ context }: Asked, site: SiteId, order: string): Promise<ReadonlyMap<number, Item>> {
  const rows = await context.database.query<{ line: number; item: ItemId }>(sql`
    select line, item_id as item from order_line where site_id = ${site} and order_id = ${order}`)
  const items = await context.catalog.itemsWith(rows.map((row) => row.item))
  return new Map(rows.map((row) => [row.line, items.get(row.item)!]))
}

export const unitWriters = {
  setUnits: async (call) => {
    const asked = await itemLines(call, call.body.units, 'units')
    if (isRefusal(asked)) return asked
    const units: (ItemUnit & { readonly base: string })[] = []
    for (const { line, item, asked: one } of asked) {
      const { unit, of = item.unit, rounding } = one
      if (unit === of) return refuse('unit_contradicts', `units/${line}/unit`, `${unit} is the base unit: say another unit in it.`)
      const { numerator, denominator } = parseRatio(one.factor)!
      units.push({ item: item.item, base: item.unit, unit, of, numerator: Number(numerator), denominator: Number(denominator), rounding })
    }
    return toControl({ kind: 'setUnits', units, ifMatch: call.body.units.map((one) => one.ifMatch ?? null) })
  },
  removeUnits: async (call) => {
    const asked = await itemLines(call, call.body.units, 'units')
    if (isRefusal(asked)) return asked
    return toControl({ kind: 'removeUnits', units: asked.map(({ item, asked: { unit } }) => ({ item: item.item, base: item.unit, unit })) })
  },
} satisfies Partial<Writers>

interface UnitRow extends ItemUnit {
  readonly sku: string
  readonly base: string
}

export const unitReaders = {
  listUnits: async (call) => {
    const { sku = null, cursor, limit } = call.query
    const { database } = call.context
    const after = keyIn(cursor, ['number', 'string', 'string'])
    if (after !== undefined && isRefusal(after)) return after
    const [item, unit, of] = after ?? [0, '', '']
    const rows = await database.query<UnitRow>(sql`
      select i.sku, i.unit as base, u.item_id as item, u.unit, u.of_unit as "of", u.numerator, u.denominator, u.rounding
      from item_unit u join item i on i.item_id = u.item_id
      where (${sku}::text is null or u.item_id = (select item_id from item where sku = ${sku}))
        and (u.item_id, u.unit, u.of_unit) > (${item}::bigint, ${unit}::text, ${of}::text)
      order by u.item_id, u.unit, u.of_unit limit ${limit + 1}`)
    // An item's units may go on over the page: each is told by all of them.
    const all = Map.groupBy(await database.query<ItemUnit>(unitsOfItems([...new Set(rows.map((row) => row.item))])), (row) => row.item)
    return pageOf(
      rows,
      limit,
      (row) => [row.item, row.unit, row.of],
      (row) => tellUnit(row, all.get(row.item) ?? []),
    )
  },
} satisfies Partial<Readers>

function tellUnit({ sku, base, unit, of, rounding, numerator, denominator }: UnitRow, all: readonly ItemUnit[]): object {
  const known = unitsOf(base, all)
  const factor = ratioText({ numerator: BigInt(numerator), denominator: BigInt(denominator) })
  const each = 'fault' in known ? undefined : known.get(unit)
  return {
    sku,
    base,
    unit,
    of,
    factor,
    each: each === undefined ? factor : ratioText(each.each),
    rounding,
    tag: tagOfUnit({ numerator, denominator, rounding }),
  }
}
