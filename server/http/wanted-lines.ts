// Wanted lines: what a customer asks for, as lines that an order can be placed with: items found, prices filled in, kits taken apart, and each line given
// to the site that serves it. A promise that is asked for and an order that is placed go through here both, so that one cannot say what the other does
// not do. Kits, substitutes and rules are read only where an item or the site has them.

import type { z } from 'zod'
import type { newOrder } from '../../api/order.ts'
import type { Day } from '../../core/calendar.ts'
import type { WantedLine } from '../../core/flow/order.ts'
import type { Position } from '../../core/flow/promise-basket.ts'
import { source, type Wanted } from '../../core/flow/promise-source.ts'
import type { Item, ItemId, SiteId } from '../../core/item.ts'
import { shareKit, type KitComponent } from '../../core/kit.ts'
import type { PricedOrder } from '../../core/flow/order-price.ts'
import { allot, type Money } from '../../core/money.ts'
import type { Site } from '../../core/party.ts'
import { quantity, type Quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Sourcing } from '../../core/sourcing.ts'
import type { Substitute } from '../../core/substitute.ts'
import { positionsOf } from '../flow/promise-source.ts'
import { kitsWith } from '../lane/kits.ts'
import { substitutesOf } from '../lane/substitutes.ts'
import { anySite, itemOf, todayOf, type Asked, type ItemLine } from './call.ts'
import { supplyOf } from './line-supply.ts'
import { priceOfLine, pricesByBook, pricesOf, type Priceable } from './price.ts'
import { askedLines } from './units.ts'

type AskedLine = z.output<typeof newOrder>['lines'][number]

export interface Sourced {
  readonly lines: readonly WantedLine[]
  /** What may be sent instead of their items. */
  readonly substitutes: readonly Substitute[]
  /** What was read to decide it; undefined where no rule was asked. */
  readonly positions?: readonly Position[]
}

/** With their prices: of the order as it was asked for, and of its parts where a kit or a split made more lines of it. */
export async function orderedLines(
  call: Asked,
  head: Omit<Priceable, 'lines'>,
  asked: readonly AskedLine[],
  isCollected: boolean,
): Promise<{ readonly lines: readonly WantedLine[]; readonly terms: PricedOrder['terms']; readonly currency: PricedOrder['currency'] } | Refusal> {
  const found = await askedLines(call, asked)
  if (isRefusal(found)) return found
  const lines: ItemLine<AskedLine>[] = []
  for (const one of found) {
    const instead = one.asked.insteadOf === undefined ? undefined : await insteadOf(call, one, one.asked.insteadOf)
    if (instead !== undefined && isRefusal(instead)) return instead
    // What is sent instead costs what was asked for.
    lines.push({ ...one, item: instead ?? one.item })
  }
  const whole = await pricesOf(call, { ...head, lines })
  if (isRefusal(whole)) return whole
  const wanted = await wantedLines(
    call,
    head.site,
    found,
    whole.lines.map((line) => line.unitPrice),
    isCollected,
  )
  if (isRefusal(wanted)) return wanted
  const isParted = wanted.lines.some((line) => line.partOf !== undefined || line.kit !== undefined)
  const priced = isParted ? await partPrices(call, head, found, wanted.lines) : whole
  if (isRefusal(priced)) return priced
  return { lines: wanted.lines.map((line, index) => ({ ...line, ...priceOfLine(priced, index) })), terms: priced.terms, currency: priced.currency }
}

/** A kit's parts cost what their share of it is; what is split is priced by the book, line by line. An amount off a line comes off its first part. */
async function partPrices(
  call: Asked,
  head: Omit<Priceable, 'lines'>,
  found: readonly ItemLine<AskedLine>[],
  lines: readonly WantedLine[],
): Promise<PricedOrder | Refusal> {
  const items = await call.context.catalog.itemsWith(lines.map((line) => line.asked ?? line.item))
  const offs = offsOfParts(found, lines)
  return pricesByBook(call, {
    ...head,
    lines: lines.map((line) => {
      const { asked, ofUnit } = found[(line.partOf ?? line.line) - 1]!
      const { unitPrice, discount, sku } = asked
      const isRest = line.partOf !== undefined && discount?.amount !== undefined
      return {
        line: line.line,
        item: items.get(line.asked ?? line.item)!,
        ...(ofUnit && { ofUnit: { ...ofUnit, off: offs.get(line.line)! } }),
        asked: {
          sku,
          quantity: line.quantity,
          unitPrice: line.kit === undefined ? unitPrice : line.unitPrice,
          ...(discount && !isRest && { discount }),
        },
      }
    }),
  })
}

/** What comes off a line so that it is worth exactly what was asked for some unit, shared out by what its parts come to. */
function offsOfParts(found: readonly ItemLine<AskedLine>[], lines: readonly WantedLine[]): ReadonlyMap<number, Money> {
  const offs = new Map<number, Money>()
  for (const { line, ofUnit, asked } of found) {
    if (ofUnit === undefined) continue
    const parts = lines.filter((one) => (one.partOf ?? one.line) === line)
    const shares = allot(
      ofUnit.off,
      parts.map((one) => (one.kit === undefined ? asked.unitPrice! : one.unitPrice) * one.quantity),
    )
    for (const [index, part] of parts.entries()) offs.set(part.line, shares[index]!)
  }
  return offs
}

/**
 * `prices` are those of the lines as they were asked for; without them list prices, where only a promise is asked. What the customer collects is served by
 * the shop where he does, whatever its rule says.
 */
export async function wantedLines(
  call: Asked,
  home: Site,
  found: readonly ItemLine<AskedLine>[],
  prices: readonly Money[] = found.map(({ item }) => item.listPrice),
  isCollected = false,
): Promise<Sourced | Refusal> {
  const today = todayOf(call)
  // Nothing is waited for that a plain line does not need: each wait costs every line of every order.
  const substitutes = await substitutesFor(call, found)
  const lines: WantedLine[] = []
  const named = new Set<number>()
  for (const one of found) {
    const { line, item, asked: wanted, inUnit } = one
    const from = wanted.source === undefined ? home : await anySite(call, wanted.source, `lines/${line}/source`)
    if (isRefusal(from)) return from
    if (wanted.source !== undefined) named.add(line)
    const instead = wanted.insteadOf === undefined ? undefined : await insteadOf(call, one, wanted.insteadOf)
    if (instead !== undefined && isRefusal(instead)) return instead
    const supply = wanted.supply === undefined && wanted.supplier === undefined ? undefined : await supplyOf(call, line, item, wanted)
    if (supply !== undefined && isRefusal(supply)) return supply
    // What is bought for the order is bought by its own site, whatever the rule says.
    if (supply !== undefined) named.add(line)
    const byRule =
      wanted.substitutes && supply === undefined ? substitutes.filter((other) => other.item === item.item && other.chosenBy === 'rule') : []
    lines.push({
      line,
      item: item.item,
      quantity: quantity(wanted.quantity),
      source: from.site,
      unitPrice: prices[line - 1]!,
      requested: (wanted.requested as Day | undefined) ?? today,
      ...(instead && { asked: instead.item }),
      ...(inUnit && { inUnit }),
      ...(supply && { supply }),
      ...(byRule.length > 0 && { alternatives: byRule.map((other) => other.substitute) }),
    })
  }
  const kits = found.filter(({ item }) => item.isKit === true)
  const parted = kits.length === 0 ? lines : await takeApart(call, lines, new Set(kits.map(({ item }) => item.item)))
  if (isRefusal(parted)) return parted
  const sourcing = await call.context.catalog.sourcingOf(home.site)
  if (sourcing === undefined || isCollected) return { lines: parted, substitutes }
  if (named.size === found.length) return { lines: parted.map((line) => fromAfar(sourcing, line)), substitutes }
  return { ...(await sourceLines(call, sourcing, parted, named)), substitutes }
}

/** A site that was named is as far away as the rule says. */
function fromAfar({ lanes }: Sourcing, line: WantedLine): WantedLine {
  const days = lanes.find((lane) => lane.from === line.source)?.transitDays ?? 0
  return days === 0 ? line : { ...line, transitDays: days }
}

async function substitutesFor({ context }: Asked, found: readonly ItemLine<AskedLine>[]): Promise<readonly Substitute[]> {
  const items = found.filter(({ item }) => item.hasSubstitutes === true).map(({ item }) => item.item)
  return items.length === 0 ? [] : context.database.query<Substitute>(substitutesOf([...new Set(items)]))
}

/** The item that the customer had asked for, where the line is of one that he took instead; it must be declared to be that. */
async function insteadOf(call: Asked, { line, item }: ItemLine<AskedLine>, sku: string): Promise<Item | Refusal> {
  const original = await itemOf(call, sku)
  if (isRefusal(original)) return { ...original, subject: `lines/${line}/insteadOf` }
  const declared = await call.context.database.query<Substitute>(substitutesOf([original.item]))
  if (declared.some((one) => one.substitute === item.item)) return original
  return refuse('substitute_not_known', `lines/${line}/insteadOf`, `${item.sku} is not declared to be sent instead of ${original.sku}.`)
}

/** Pieces of one line, as of any other line. */
const PIECES_MAX = 1_000_000_000_000

/** A line of a kit becomes a line for each of its parts; the first keeps its number, the others come after the last. */
async function takeApart(call: Asked, lines: readonly WantedLine[], kits: ReadonlySet<ItemId>): Promise<readonly WantedLine[] | Refusal> {
  const { database, catalog } = call.context
  const components = Map.groupBy(await database.query<KitComponent>(kitsWith([...kits])), (one) => one.kit)
  const items = await catalog.itemsWith([...components.values()].flatMap((all) => all.map((one) => one.component)))
  const large = lines.find(({ item, quantity: some }) => components.get(item)?.some((one) => one.quantity > PIECES_MAX / some))
  if (large) return refuse('quantity_too_large', `lines/${large.line}/quantity`, `So many kits have more than ${PIECES_MAX} pieces of one item.`)
  let next = lines.length
  return lines
    .flatMap((line): readonly WantedLine[] => {
      const parts = kits.has(line.item) ? (components.get(line.item) ?? []) : []
      if (parts.length === 0) return [line]
      const { alternatives: _alternatives, ...whole } = line
      const shares = shareKit(
        line.unitPrice,
        parts.map((one) => ({ ...one, listPrice: items.get(one.component)!.listPrice })),
      )
      const kit = { kit: line.line, item: line.item, quantity: line.quantity, unitPrice: line.unitPrice }
      return shares.map(({ item, each, unitPrice }, index) => ({
        ...whole,
        ...(index === 0 ? {} : { line: (next += 1), partOf: line.line }),
        item,
        quantity: times(each, line.quantity),
        unitPrice,
        kit: { ...kit, each },
      }))
    })
    .toSorted((a, b) => a.line - b.line)
}

const times = (each: Quantity, kits: Quantity): Quantity => quantity(each * kits)

/** Gives each line to the site that the rule prefers. A line that is split goes on in new lines after the last; a kit comes whole from one site. */
async function sourceLines(
  call: Asked,
  sourcing: Sourcing,
  lines: readonly WantedLine[],
  named: ReadonlySet<number>,
): Promise<Omit<Sourced, 'substitutes'>> {
  const { database, catalog } = call.context
  const askedOf = ({ line, partOf }: WantedLine): number => partOf ?? line
  const groups = [...Map.groupBy(lines, (one) => (one.kit === undefined ? `line ${one.line}` : `kit ${one.kit.kit}`)).values()]
  const wanted = groups.map((group): Wanted => ({
    lines: group.map((one) => one.line),
    needs: group.map((one) => ({ item: one.item, quantity: one.quantity })),
    requested: group[0]!.requested,
    source: named.has(askedOf(group[0]!)) ? group[0]!.source : null,
  }))
  const positions = await positionsOf(database, await sitesAsked(call, sourcing, lines), itemsIn(lines))
  const pieces = source(wanted, sourcing, { home: sourcing.site, today: todayOf(call), positions, codes: catalog.siteCodes })
  const byLine = new Map(lines.map((one) => [one.line, one]))
  const begun = new Set<number>()
  let next = lines.length
  const sourced = pieces.flatMap(({ lines: of, needs, source: from, transitDays, because }) =>
    of.map((line, index): WantedLine => {
      const whole = byLine.get(line)!
      const isFirst = !begun.has(line)
      begun.add(line)
      const part = { ...whole, quantity: needs[index]!.quantity, source: from, ...(named.has(askedOf(whole)) ? {} : { because }) }
      return { ...part, ...(transitDays > 0 && { transitDays }), ...(isFirst ? {} : { line: (next += 1), partOf: line }) }
    }),
  )
  return { lines: sourced.toSorted((a, b) => a.line - b.line), positions }
}

/** Their items, and those that a rule may send instead. */
export const itemsIn = (lines: readonly WantedLine[]): ItemId[] => [
  ...new Set(lines.flatMap(({ item, alternatives = [] }) => [item, ...alternatives])),
]

/** The order's own site, those of its rule, and those that lines name. */
const sitesAsked = (call: Asked, { site, lanes }: Sourcing, lines: readonly WantedLine[]): Promise<readonly Site[]> =>
  sitesOf(call, [site, ...lanes.map((lane) => lane.from), ...lines.map((line) => line.source)])

export const sitesOf = ({ context }: Asked, sites: readonly SiteId[]): Promise<readonly Site[]> =>
  Promise.all([...new Set(sites)].map((site) => context.catalog.site(site)))
