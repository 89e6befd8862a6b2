// CSV: rows of other people's files <-> our nouns. The columns are those of the Adventure Works files; a layout says which columns a file
// must have and reads one row, and every fault of a row is told with its column, a stable code and a sentence.
//
// Out: a spreadsheet runs a text that begins with = + - @ (or a tab or return before one) as a formula, so such a text gets a leading
// apostrophe, and so does one that begins with an apostrophe itself. In: one such apostrophe is taken off. So what was written out comes
// back unchanged. Numbers stay numbers.

import { parseDay, type Day } from '../calendar.ts'
import { scrap_per_million_max, type BillLine } from '../bill.ts'
import type { CarrierService } from '../carrier.ts'
import type { Item, Source } from '../item.ts'
import { nothing, parseMoney, type Money } from '../money.ts'
import { position_max, type Position } from '../place.ts'
import { none, quantity, type Quantity } from '../quantity.ts'
import type { RefusalCode } from '../refusal.ts'
import type { SupplierItem } from '../supplier-item.ts'
import { parseRatio, roundings, type ItemUnit } from '../unit.ts'
import { parseWeight, type Weight } from '../weight.ts'

export interface Fault {
  readonly column: string
  readonly code: RefusalCode
  readonly detail: string
}

export interface Layout<Noun> {
  /** Columns that the file must have; where several names are given, one of the sets. Others are ignored. */
  readonly columns: readonly (readonly string[])[]
  /** What it makes of a row that has faults is not to be used. */
  read(cells: Cells): Noun
}

export type ImportedItem = Omit<Item, 'item' | 'tracking' | 'valuation'>
export type ImportedService = Omit<CarrierService, 'service'>
export interface ImportedSupplier {
  readonly code: string
  readonly name: string
  /** What it asks of each order, as far as the file says. */
  readonly least: Money | null
  readonly loadUnits: number | null
  readonly loadWeight: Weight | null
}
export interface ImportedOffer extends Omit<SupplierItem, 'item' | 'supplier'> {
  readonly supplier: string
  readonly sku: string
}
export interface ImportedBillLine extends Omit<BillLine, 'parent' | 'component'> {
  readonly parent: string
  readonly component: string
}
export interface ImportedUnit extends Omit<ItemUnit, 'item'> {
  readonly sku: string
}
export interface ImportedCustomer {
  readonly code: string
  readonly name: string
}
export interface ImportedStock {
  readonly place: string
  /** Where the bin is, as far as its number says. */
  readonly position: Position | null
  readonly sku: string
  /** May be none: then nothing was there. */
  readonly quantity: Quantity
}
export interface ImportedLine {
  readonly order: string
  readonly line: number
  readonly orderedOn: Day
  readonly customer: string
  readonly sku: string
  readonly quantity: Quantity
  readonly unitPrice: Money
}

const CODE_CHARACTERS_MAX = 100
const NAME_CHARACTERS_MAX = 200
const QUANTITY_MAX = 1_000_000_000_000
const LINE_MAX = 1_000_000
const DAYS_MAX = 3_650
const TRANSIT_DAYS_MAX = 365

/** The cells of one row by column, and the faults that were found in reading them. */
export class Cells {
  readonly faults: Fault[] = []
  readonly #columns: ReadonlyMap<string, number>
  readonly #fields: readonly string[]

  constructor(columns: ReadonlyMap<string, number>, fields: readonly string[]) {
    this.#columns = columns
    this.#fields = fields
  }

  has(column: string): boolean {
    return this.#columns.has(column)
  }

  text(column: string, characters_max: number): string {
    const text = unguarded(this.#raw(column))
    if (text === '') return this.#fault(column, 'body_not_valid', 'It is empty.', '')
    if (text.length > characters_max)
      return this.#fault(column, 'body_not_valid', `It has ${text.length} characters; ${characters_max} are kept.`, '')
    if (text.includes('\0') || !text.isWellFormed()) return this.#fault(column, 'text_not_storable', 'It holds a character that cannot be kept.', '')
    return text
  }

  name(column: string): string {
    return this.text(column, NAME_CHARACTERS_MAX)
  }

  /** What people type and scan: no blank at the ends, no control characters. */
  code(column: string): string {
    const text = this.text(column, CODE_CHARACTERS_MAX)
    if (text === '' || /^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u.test(text)) return text
    return this.#fault(column, 'body_not_valid', 'A code begins and ends with a visible character and has no control characters.', '')
  }

  /** An amount in major units, rounded half to even to whole minor units. */
  amount(column: string): Money {
    const text = this.#raw(column)
    const value = parseMoney(text)
    if (value === undefined) return this.#fault(column, 'body_not_valid', `${shown(text)} is not an amount such as 3578.27.`, nothing)
    if (value < 0) return this.#fault(column, 'body_not_valid', `${shown(text)} is below 0.`, nothing)
    return value
  }

  /** A whole number of the item's unit; `2.00` is one, `2.5` is finer than the unit. */
  quantity(column: string, least: 0 | 1): Quantity {
    const text = this.#raw(column)
    const match = /^([+-]?)(\d{1,15})(?:\.(\d+))?$/.exec(text)
    if (!match) return this.#fault(column, 'body_not_valid', `${shown(text)} is not a number such as 12.`, none)
    if (/[1-9]/.test(match[3] ?? '')) return this.#fault(column, 'quantity_finer_than_unit', `${shown(text)} is finer than the item's unit.`, none)
    const value = Number(match[2])
    if (value > QUANTITY_MAX) return this.#fault(column, 'quantity_too_large', `${shown(text)} is more than ${QUANTITY_MAX}.`, none)
    if ((match[1] === '-' && value > 0) || value < least) {
      return this.#fault(column, 'quantity_not_positive', `${shown(text)} is not a quantity that can be there.`, none)
    }
    return quantity(value)
  }

  day(column: string): Day {
    const text = this.#raw(column)
    return parseDay(text) ?? this.#fault(column, 'date_not_valid', `${shown(text)} is not a date that exists, such as 2026-11-23.`, '' as Day)
  }

  /** A weight in its unit; where the file has none, or none of this item, it is not known. */
  weight(column: string, unitColumn: string): Weight | null {
    const text = this.has(column) ? this.#raw(column) : ''
    if (text === '') return null
    const unit = this.has(unitColumn) ? this.#raw(unitColumn) : ''
    if (unit !== 'G' && unit !== 'KG' && unit !== 'LB') return this.#fault(unitColumn, 'body_not_valid', `${shown(unit)} is not G, KG or LB.`, null)
    return parseWeight(text, unit) ?? this.#fault(column, 'body_not_valid', `${shown(text)} is not a weight such as 17.77.`, null)
  }

  /** A number of days from 0 to 365, or nothing. */
  days(column: string): number | null {
    const text = this.has(column) ? this.#raw(column) : ''
    if (text === '') return null
    return /^\d{1,3}$/.test(text) && Number(text) <= TRANSIT_DAYS_MAX
      ? Number(text)
      : this.#fault(column, 'body_not_valid', `${shown(text)} is not 0 to 365 days.`, null)
  }

  /** A probability from 0 to 0.999 to three decimals, in thousandths; or nothing. */
  thousandths(column: string): number | null {
    const text = this.has(column) ? this.#raw(column) : ''
    if (text === '') return null
    return /^0(\.\d{1,3})?$/.test(text)
      ? Math.round(Number(text) * 1000)
      : this.#fault(column, 'body_not_valid', `${shown(text)} is not a probability from 0 to 0.999.`, null)
  }

  /** A day, or null where the cell is empty. */
  dayOrNone(column: string): Day | null {
    return this.#raw(column) === '' ? null : this.day(column)
  }

  /** A whole number from 0; what an empty cell is, the caller says by its code. */
  whole(column: string, most: number, empty: RefusalCode = 'body_not_valid'): number {
    const text = this.#raw(column)
    if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text)
    return this.#fault(column, text === '' ? empty : 'body_not_valid', `${shown(text)} is not a whole number from 0 to ${most}.`, 0)
  }

  choice<Word extends string>(column: string, words: readonly Word[]): Word {
    const text = this.#raw(column)
    const found = words.find((word) => word === text)
    return found ?? this.#fault(column, 'body_not_valid', `${shown(text)} is not one of ${words.join(', ')}.`, words[0]!)
  }

  /** So many for each one, as an exact pair of whole numbers: `0.25` is 25 for each 100. */
  per(column: string): { readonly quantity: Quantity; readonly batch: Quantity } {
    const text = this.#raw(column)
    const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text)
    const one = { quantity: quantity(1), batch: quantity(1) }
    if (!match) return this.#fault(column, 'body_not_valid', `${shown(text)} is not a number such as 2 or 0.25.`, one)
    const fraction = (match[2] ?? '').replace(/0+$/, '')
    const some = quantity(Number(`${match[1]!}${fraction}`))
    if (some === 0) return this.#fault(column, 'quantity_not_positive', 'None of it is in the item.', one)
    return { quantity: some, batch: quantity(10 ** fraction.length) }
  }

  /** How many of another unit one is, exactly: `12`, `0.75` or `200/3`. */
  factor(column: string): { readonly numerator: number; readonly denominator: number } {
    const text = this.#raw(column)
    const { numerator, denominator } = parseRatio(text) ?? { numerator: 0n, denominator: 1n }
    const factor = { numerator: Number(numerator), denominator: Number(denominator) }
    return numerator > 0n
      ? factor
      : this.#fault(column, 'quantity_not_positive', `${shown(text)} is not a number above 0 such as 12, 0.75 or 200/3.`, factor)
  }

  isEmpty(column: string): boolean {
    return this.#raw(column) === ''
  }

  lineNumber(column: string): number {
    const text = this.#raw(column)
    if (/^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= LINE_MAX) return Number(text)
    return this.#fault(column, 'body_not_valid', `${shown(text)} is not a line number from 1 to ${LINE_MAX}.`, 1)
  }

  #raw(column: string): string {
    return this.#fields[this.#columns.get(column)!] ?? ''
  }

  #fault<Value>(column: string, code: RefusalCode, detail: string, instead: Value): Value {
    this.faults.push({ column, code, detail })
    return instead
  }
}

export const itemLayout: Layout<ImportedItem> = {
  columns: [['sku', 'name', 'unit', 'standard_cost', 'list_price']],
  read: (cells) => ({
    sku: cells.code('sku'),
    name: cells.name('name'),
    unit: cells.code('unit'),
    standardCost: cells.amount('standard_cost'),
    listPrice: cells.amount('list_price'),
    weight: cells.weight('weight', 'weight_unit'),
    source: cells.has('make_or_buy') ? cells.choice<Source>('make_or_buy', ['buy', 'make']) : 'buy',
    category: cells.has('category') && !cells.isEmpty('category') ? cells.code('category') : null,
    makeDays: cells.has('days_to_manufacture') ? cells.whole('days_to_manufacture', DAYS_MAX) : 0,
    serviceLevel_e3: cells.thousandths('service_level'),
  }),
}

/** What a unit is said in may be left out: then it is the item's base unit, which is found when all files are read. */
export const unitLayout: Layout<ImportedUnit> = {
  columns: [['sku', 'unit', 'factor']],
  read: (cells) => ({
    sku: cells.code('sku'),
    unit: cells.code('unit'),
    of: cells.has('of') && !cells.isEmpty('of') ? cells.code('of') : '',
    ...cells.factor('factor'),
    rounding: cells.has('rounding') && !cells.isEmpty('rounding') ? cells.choice('rounding', roundings) : 'exact',
  }),
}

export const supplierLayout: Layout<ImportedSupplier> = {
  columns: [['supplier', 'name']],
  read: (cells) => ({
    code: cells.code('supplier'),
    name: cells.name('name'),
    least: cells.has('least_order') && !cells.isEmpty('least_order') ? cells.amount('least_order') : null,
    loadUnits: cells.has('load_units') && !cells.isEmpty('load_units') ? cells.quantity('load_units', 1) : null,
    loadWeight: cells.weight('load_weight', 'load_weight_unit'),
  }),
}

/** What a supplier sells. How long it takes must be known: without it no day can be promised. */
export const offerLayout: Layout<ImportedOffer> = {
  columns: [['supplier', 'sku', 'lead_time_days', 'standard_price', 'min_order_qty']],
  read: (cells) => ({
    supplier: cells.code('supplier'),
    sku: cells.code('sku'),
    leadTimeDays: cells.whole('lead_time_days', DAYS_MAX, 'lead_time_missing'),
    price: cells.amount('standard_price'),
    minimum: cells.quantity('min_order_qty', 1),
    multiple: cells.has('order_multiple') ? cells.quantity('order_multiple', 1) : quantity(1),
    preferred: cells.has('preferred') && cells.choice('preferred', ['0', '1']) === '1',
  }),
}

export const billLayout: Layout<ImportedBillLine> = {
  columns: [['parent_sku', 'component_sku', 'qty_per', 'valid_from', 'valid_to']],
  read: (cells) => ({
    parent: cells.code('parent_sku'),
    component: cells.code('component_sku'),
    ...cells.per('qty_per'),
    scrapPerMillion: cells.has('scrap_per_million') ? cells.whole('scrap_per_million', scrap_per_million_max) : 0,
    validFrom: cells.day('valid_from'),
    validTo: cells.dayOrNone('valid_to'),
  }),
}

/** The files name no person: a customer is called by type and number. */
export const customerLayout: Layout<ImportedCustomer> = {
  columns: [['customer_id', 'type']],
  read: (cells) => {
    const [code, type] = [cells.code('customer_id'), cells.code('type')]
    return { code, name: `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll('_', ' ')} ${code}` }
  },
}

/** Each bin is a place, such as `6-A-12`; what stands in no shelf stands at the location itself. */
export const stockLayout: Layout<ImportedStock> = {
  columns: [
    ['location_id', 'shelf', 'bin', 'sku', 'qty'],
    ['place', 'sku', 'qty'],
  ],
  read: (cells) => ({ ...placeOf(cells), sku: cells.code('sku'), quantity: cells.quantity('qty', 0) }),
}

function placeOf(cells: Cells): Pick<ImportedStock, 'place' | 'position'> {
  if (cells.has('place')) return { place: cells.code('place'), position: null }
  const [location, shelf, bin] = [cells.code('location_id'), cells.code('shelf'), cells.code('bin')]
  return shelf === 'N/A' ? { place: location, position: null } : { place: `${location}-${shelf}-${bin}`, position: positionOf(location, shelf, bin) }
}

/** A location is an aisle, its shelves A, B, C .. are racks along it, their bins go up. */
function positionOf(location: string, shelf: string, bin: string): Position | null {
  if (!/^[A-Z]$/.test(shelf)) return null
  const [aisle, rack, level] = [Number(location), shelf.codePointAt(0)! - 'A'.codePointAt(0)! + 1, Number(bin)]
  const fits = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most
  return fits(aisle, position_max.aisle) && fits(level, position_max.level) ? { aisle, rack, level } : null
}

/** Named `CARRIER - SERVICE`, or by the carrier alone. The base charge is the least that a shipment costs. */
export const serviceLayout: Layout<ImportedService> = {
  columns: [
    ['name', 'base_charge', 'rate_per_lb'],
    ['name', 'base_charge', 'rate_per_kg'],
  ],
  read: (cells) => {
    const code = cells.code('name')
    const dash = code.indexOf(' - ')
    const rateUnit = cells.has('rate_per_lb') ? 'LB' : 'KG'
    return {
      code,
      carrier: dash === -1 ? code : code.slice(0, dash),
      name: dash === -1 ? code : code.slice(dash + 3),
      minimum: cells.amount('base_charge'),
      rate: cells.amount(rateUnit === 'LB' ? 'rate_per_lb' : 'rate_per_kg'),
      rateUnit,
      transitDays: cells.days('transit_days'),
    }
  },
}

/** A row is a line of an order; the files carry two calendars. */
export const orderLayout = (dateColumn: 'order_date' | 'order_date_aligned'): Layout<ImportedLine> => ({
  columns: [['order_number', dateColumn, 'customer_key', 'line_no', 'sku', 'qty', 'list_price']],
  read: (cells) => ({
    order: cells.code('order_number'),
    line: cells.lineNumber('line_no'),
    orderedOn: cells.day(dateColumn),
    customer: cells.code('customer_key'),
    sku: cells.code('sku'),
    quantity: cells.quantity('qty', 1),
    unitPrice: cells.amount('list_price'),
  }),
})

/** A number that is written digit by digit, e.g. an amount. */
export interface Digits {
  readonly digits: string
}

/** A line of a CSV file, without its end. Numbers are written as they are, texts guarded. */
export const csvLine = (cells: readonly (string | number | Digits | null)[]): string => cells.map(csvCell).join(',')

function csvCell(cell: string | number | Digits | null): string {
  if (typeof cell === 'string') return quoted(guarded(cell))
  if (cell === null) return ''
  return typeof cell === 'number' ? String(cell) : cell.digits
}

export const guarded = (text: string): string => (/^['=+\-@\t\r]/.test(text) ? `'${text}` : text)
export const unguarded = (text: string): string => (/^'['=+\-@\t\r]/.test(text) ? text.slice(1) : text)

/** An amount in major units, as the files write it: `699.10`. */
export function decimal(amount: Money): string {
  const minor = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${minor.slice(0, -2)}.${minor.slice(-2)}`
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const SHOWN_CHARACTERS_MAX = 40

function shown(text: string): string {
  return text === '' ? 'Nothing' : JSON.stringify(text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text)
}
