// Sourcing over HTTP: what a basket would be promised and from where, and the rules that decide it.

import type { Day } from '../../core/calendar.ts'
import { promiseBasket, type BasketState, type PromisedLine } from '../../core/flow/promise-basket.ts'
import type { WantedLine } from '../../core/flow/order.ts'
import { absentInputs } from '../../core/flow/promise.ts'
import { confidences, promiseReasons } from '../../core/given-promise.ts'
import type { Item, ItemId } from '../../core/item.ts'
import { money } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sourcingInWords, tagOfSourcing, type Sourcing, type SourcingLane, type SourcingRule } from '../../core/sourcing.ts'
import type { Substitute } from '../../core/substitute.ts'
import { toldAsked } from '../../core/unit.ts'
import { lanesOf, rulesOf } from '../lane/sourcing.ts'
import { positionsOf } from '../flow/promise-source.ts'
import { anySite, siteOf, todayOf, toControl, type Readers, type Writers } from './call.ts'
import { askedLines } from './units.ts'
import { itemsIn, sitesOf, wantedLines } from './wanted-lines.ts'

export const sourcingWriters = {
  setSourcing: async (call) => {
    const { site: code, lanes: asked, ifMatch = null, prefers, sourcesMax, splitsLines, ownCost } = call.body
    const site = await siteOf(call, code)
    if (isRefusal(site)) return site
    const lanes: SourcingLane[] = []
    for (const [index, { from: fromCode, cost, transitDays, keepPercent }] of asked.entries()) {
      const from = await anySite(call, fromCode, `lanes/${index + 1}/from`)
      if (isRefusal(from)) return from
      lanes.push({ site: site.site, from: from.site, position: index + 1, cost: money(cost), transitDays, keepPercent })
    }
    const sourcing: Sourcing = { site: site.site, prefers, sourcesMax, splitsLines, ownCost: money(ownCost), lanes }
    return toControl({ kind: 'setSourcing', sourcing, ifMatch })
  },
} satisfies Partial<Writers>

/** How the orders of a site without a rule are served. */
const unruled = { prefers: 'date', sourcesMax: 1, splitsLines: false, ownCost: 0 } as const

export const sourcingReaders = {
  getSourcing: async (call) => {
    const { database, catalog } = call.context
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const [[rule], rows] = await Promise.all([database.query<SourcingRule>(rulesOf([site.site])), database.query<SourcingLane>(lanesOf([site.site]))])
    const lanes = await Promise.all(
      rows.map(async ({ from, cost, transitDays, keepPercent }) => {
        const { code, name } = await catalog.site(from)
        return { from: code, fromName: name, cost, transitDays, keepPercent }
      }),
    )
    const { prefers, sourcesMax, splitsLines, ownCost } = rule ?? unruled
    const inWords = rows.length === 0 ? `${site.code} serves its orders itself` : sourcingInWords({ prefers, sourcesMax, splitsLines })
    return { site: site.code, prefers, sourcesMax, splitsLines, ownCost, lanes, inWords, tag: rule ? tagOfSourcing({ ...rule, lanes: rows }) : null }
  },
  askBasket: async (call) => {
    const { database, catalog } = call.context
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const found = await askedLines(call, call.body.lines)
    if (isRefusal(found)) return found
    const wanted = await wantedLines(call, site, found)
    if (isRefusal(wanted)) return wanted
    const { lines, substitutes } = wanted
    const offered = substitutes.map((one) => one.substitute)
    const read =
      wanted.positions ?? (await positionsOf(database, await sitesOf(call, [site.site, ...lines.map((line) => line.source)]), itemsIn(lines)))
    // What is only offered is looked for at the order's own site.
    const others = offered.filter((item) => !read.some((one) => one.item === item && one.site === site.site))
    const positions = others.length === 0 ? read : [...read, ...(await positionsOf(database, [site], [...new Set(others)]))]
    const state = { home: site.site, today: todayOf(call), positions }
    const promises = promiseBasket(
      lines.map((line) => ({ transitDays: 0, ...line })),
      state,
    )
    const items = await catalog.itemsWith([...itemsIn(lines), ...offered])
    const parts = lines.map((line, index) => tellPart(line, promises[index]!, items, (source) => catalog.siteCodes.get(source)!))
    const asked = found.map(({ asked: one, inUnit }, index) => {
      const own = parts.filter((part) => part.of === index + 1).map(({ of: _of, ...part }) => part)
      const line = lines.find((other) => other.line === index + 1)!
      const offers = isLate(own, line.requested) ? offersFor(line, substitutes, state, items) : []
      return {
        line: index + 1,
        sku: one.sku,
        quantity: one.quantity,
        ...(inUnit && { asked: toldAsked(inUnit) }),
        ...worstOf(own),
        parts: own,
        substitutes: offers,
      }
    })
    return { site: site.code, promised: latestOf(asked), lines: asked, absent: absentInputs(promises) }
  },
} satisfies Partial<Readers>

/** Whether something of a line comes later than it is wanted, or is not what was asked for. */
const isLate = (parts: readonly Told[], requested: Day): boolean => parts.some((part) => part.promised === null || part.promised > requested)

/** What may be sent instead of a line's item, each as if it were ordered alone. */
function offersFor(
  { item, quantity, requested }: WantedLine,
  substitutes: readonly Substitute[],
  state: BasketState,
  items: ReadonlyMap<ItemId, Item>,
) {
  return substitutes
    .filter((one) => one.item === item)
    .map(({ substitute, chosenBy }) => {
      const line = { item: substitute, quantity, requested, source: state.home, transitDays: 0 }
      const [{ day, confidence, reason, held, sure = null }] = promiseBasket([line], state) as [PromisedLine]
      const { sku, name } = items.get(substitute)!
      return { sku, name, chosenBy, held, promised: day, confidence, reason, probability: sure }
    })
}

function tellPart(
  { line, quantity, because, partOf, item: asked }: WantedLine,
  { held, day, confidence, reason, sure = null, source, item }: PromisedLine,
  items: ReadonlyMap<ItemId, Item>,
  codeOf: (source: WantedLine['source']) => string,
) {
  const insteadOf = item === asked ? null : items.get(asked)!.sku
  return {
    of: partOf ?? line,
    source: codeOf(source),
    sku: items.get(item)!.sku,
    insteadOf,
    quantity,
    held,
    promised: day,
    confidence,
    reason,
    probability: sure,
    because: because ?? null,
  }
}

type Told = Pick<ReturnType<typeof tellPart>, 'promised' | 'confidence' | 'reason' | 'probability'>

/** A line is as sure as its least sure part, all of it is there with what the probabilities of its parts make, and there when its last part is. */
function worstOf(parts: readonly Told[]): Told {
  const worst = <Word>(words: readonly Word[], of: (part: Told) => Word): Word => words[Math.max(...parts.map((part) => words.indexOf(of(part))))]!
  return {
    promised: latestOf(parts),
    confidence: worst(confidences, (part) => part.confidence),
    reason: worst(promiseReasons, (part) => part.reason),
    probability: parts.reduce<number | null>((all, { probability }) => (all === null || probability === null ? null : all * probability), 1),
  }
}

/** The last day of all; null where one has none. */
const latestOf = (rows: readonly { readonly promised: Day | null }[]): Day | null =>
  rows.some((row) => row.promised === null)
    ? null
    : rows
        .map((row) => row.promised!)
        .toSorted()
        .at(-1)!
