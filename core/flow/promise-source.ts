// Promise, sourcing: from which sites the lines of an order are served, by its site's rule (core/sourcing.ts), decided for the whole basket at once.
//
// Every set of at most `sourcesMax` sites serves the basket as well as it can; the set that leaves least unserved is taken, and among those the
// one that the rule prefers. Other sites give what is free there now, less what they keep for their own customers; the order's own site also
// promises from what is coming. What nobody has waits at the order's own site. Lines of one item count together.
//
// Sets are tried out, so how many sites are looked at is limited: those that can serve most of the lines, then the cheapest.

import type { Day } from '../calendar.ts'
import type { SiteId } from '../item.ts'
import { least, minus, none, plus, type Quantity } from '../quantity.ts'
import { orderOfPreference, sourcingInWords, type Preference, type Sourcing } from '../sourcing.ts'
import { Basket, Positions, type BasketState, type Need, type Supplier } from './promise-basket.ts'

/** Sites that are looked at besides the order's own. */
const LANES_MAX = 7
/** Lines times sets that are tried. */
const TRIALS_MAX = 8_000

/** What must come from one site: a line, or all lines of a kit. */
export interface Wanted {
  readonly lines: readonly number[]
  /** One for each of its lines. */
  readonly needs: readonly Need[]
  readonly requested: Day
  /** The site that was asked for, where one was. */
  readonly source: SiteId | null
}

export interface Piece extends Omit<Wanted, 'source'> {
  readonly source: SiteId
  readonly transitDays: number
  /** When all of it can be with the customer; null where nobody knows. */
  readonly day: Day | null
  readonly because: string
}

export interface SourcingState extends BasketState {
  readonly codes: ReadonlyMap<SiteId, string>
}

/** Decides from where each is served. What is split comes back as several pieces. */
export function source(wanted: readonly Wanted[], sourcing: Sourcing, state: SourcingState): Piece[] {
  const positions = new Positions(state)
  const sites = sitesOf(wanted, sourcing, positions)
  const own = sites[0]!
  const plans = setsOf(sites, sourcing.sourcesMax, wanted.length).map((set) => planWith(set, wanted, { own, sourcing, positions }))
  // The order's own site alone is always one of them.
  const allowed = plans.filter((plan) => plan.sources <= sourcing.sourcesMax)
  const best = allowed.reduce((a, b) => (isBetter(b, a, sourcing.prefers) ? b : a))
  return best.pieces.map((piece) => ({ ...piece, because: explain(piece, sites, sourcing, positions, state.codes) }))
}

/** A site that may serve, as the rule sees it. */
interface Site extends Supplier {
  readonly cost: number
}

/** What does not change from set to set. */
interface Trial {
  readonly own: Site
  readonly sourcing: Sourcing
  readonly positions: Positions
}

/** The order's own site, then those of the rule that can serve most. */
function sitesOf(wanted: readonly Wanted[], sourcing: Sourcing, positions: Positions): readonly Site[] {
  const lanes = sourcing.lanes.map(({ from, cost, transitDays, keepPercent }): Site => ({ site: from, cost, transitDays, keepPercent }))
  const own: Site = { site: sourcing.site, cost: sourcing.ownCost, transitDays: 0, keepPercent: 0 }
  if (lanes.length <= LANES_MAX) return [own, ...lanes]
  const basket = new Basket(positions)
  const serves = new Map(lanes.map((lane) => [lane, wanted.filter((one) => basket.canSend(lane, one) !== undefined).length]))
  return [own, ...lanes.toSorted((a, b) => serves.get(b)! - serves.get(a)! || a.cost - b.cost).slice(0, LANES_MAX)]
}

/** Every set of one to `most` of these, small ones first; of a long order not all, so that it holds nobody up. */
function setsOf(sites: readonly Site[], most: number, lines: number): readonly (readonly Site[])[] {
  let sets: (readonly Site[])[] = [[]]
  for (const site of sites) sets = [...sets, ...sets.filter((set) => set.length < most).map((set) => [...set, site])]
  const some = Math.max(sites.length, Math.floor(TRIALS_MAX / lines))
  return sets
    .filter((set) => set.length > 0)
    .toSorted((a, b) => a.length - b.length)
    .slice(0, some)
}

/** How a set of sites serves the basket, and what speaks for and against it. */
interface Plan extends Readonly<Record<Preference, number>> {
  readonly pieces: readonly Omit<Piece, 'because'>[]
  /** Lines of which something has no day. */
  readonly unserved: number
}

function planWith(set: readonly Site[], wanted: readonly Wanted[], trial: Trial): Plan {
  const basket = new Basket(trial.positions)
  const used = new Set<Site>()
  const pieces: Omit<Piece, 'because'>[] = []
  let [unserved, latest, late] = [0, 0, 0]
  for (const one of wanted) {
    const served = serve(one, set, used, basket, trial)
    for (const { site, piece } of served) {
      if (one.source === null) used.add(site)
      pieces.push(piece)
    }
    if (served.some(({ piece }) => piece.day === null)) unserved += 1
    const days = Math.max(...served.map(({ piece }) => (piece.day === null ? 0 : trial.positions.daysBetween(one.requested, piece.day))))
    latest = Math.max(latest, days)
    late += days
  }
  const cost = [...used].reduce((sum, site) => sum + site.cost, 0)
  // The last line's day first, since then all of it is there; then how long all of them wait.
  return { pieces, unserved, date: latest * DAYS_MAX + Math.min(late, DAYS_MAX - 1), cost, sources: used.size }
}

/** More days than all lines of an order can wait in all. */
const DAYS_MAX = 2 ** 30

function isBetter(a: Plan, b: Plan, prefers: Preference): boolean {
  if (a.unserved !== b.unserved) return a.unserved < b.unserved
  for (const by of orderOfPreference(prefers)) if (a[by] !== b[by]) return a[by] < b[by]
  return false
}

interface Served {
  readonly site: Site
  readonly piece: Omit<Piece, 'because'>
}

/** One line, or one kit: whole from the site that the rule prefers, else in parts where that is allowed, else it waits at home. */
function serve(one: Wanted, set: readonly Site[], used: ReadonlySet<Site>, basket: Basket, { own, sourcing, positions }: Trial): readonly Served[] {
  const named = one.source === null ? undefined : one.source === own.site ? own : siteOf(sourcing, one.source)
  const extra = (site: Site): number => (used.has(site) ? 0 : site.cost)
  const nearest = (a: Site, b: Site): number => a.transitDays - b.transitDays
  const cheapest = (a: Site, b: Site): number => extra(a) - extra(b)
  const sites = named ? [named] : set.toSorted(sourcing.prefers === 'cost' ? cheapest : nearest)
  const whole = sites.flatMap((site) => {
    const day = basket.canSend(site, one)
    return day === undefined ? [] : [{ site, day, days: positions.daysBetween(one.requested, day) }]
  })
  const [best] = whole.toSorted((a, b) =>
    sourcing.prefers === 'cost' ? cheapest(a.site, b.site) || a.days - b.days : a.days - b.days || cheapest(a.site, b.site),
  )
  const mayWait = sourcing.prefers !== 'date' || best?.days === 0
  const parts = named !== undefined || !sourcing.splitsLines || (best !== undefined && mayWait) ? undefined : split(one, sites, basket)
  const isSooner = parts !== undefined && (best === undefined || parts.every((part) => part.day < best.day))
  if (isSooner) return parts.map(({ site, some, day }) => take(basket, site, partOf(one, some), day))
  if (best !== undefined) return [take(basket, best.site, one, best.day)]
  // It counts as a source, whether or not it is one of the set.
  const waits = named ?? own
  return [take(basket, waits, one, basket.canSend(waits, one) ?? null)]
}

/** Takes it, so that what follows in the basket does not find it. */
function take(basket: Basket, site: Site, { lines, needs, requested }: Omit<Wanted, 'source'>, day: Day | null): Served {
  for (const need of needs) basket.give(site.site, need, requested)
  return { site, piece: { lines, needs, requested, source: site.site, transitDays: site.transitDays, day } }
}

/** A site that was asked for by name costs nothing by the rule, and is as far away as the rule says. */
function siteOf({ lanes }: Sourcing, site: SiteId): Site {
  return { site, cost: 0, transitDays: lanes.find((lane) => lane.from === site)?.transitDays ?? 0, keepPercent: 0 }
}

interface Part {
  readonly site: Site
  readonly some: Quantity
  readonly day: Day
}

/** A line in parts: what each site has free now, and from the order's own site the rest as it comes. Undefined where that is not all, or it is a kit. */
function split(one: Wanted, sites: readonly Site[], basket: Basket): readonly Part[] | undefined {
  if (one.needs.length > 1) return undefined
  const { item, quantity: all } = one.needs[0]!
  const parts = new Map<Site, Quantity>()
  let left = all
  for (const site of sites) {
    const some = least(left, basket.freeAt(site, item))
    if (some > 0) parts.set(site, some)
    left = minus(left, some)
  }
  const own = sites.find((site) => basket.isHome(site))
  if (left > 0 && own === undefined) return undefined
  if (left > 0) parts.set(own!, plus(parts.get(own!) ?? none, left))
  const days = [...parts].map(([site, some]) => ({ site, some, day: basket.canSend(site, partOf(one, some)) }))
  return days.every((part): part is Part => part.day !== undefined) ? days : undefined
}

const partOf = (one: Wanted, some: Quantity): Wanted => ({ ...one, needs: [{ item: one.needs[0]!.item, quantity: some }] })

/** Sites that are named in a reason, besides the one that serves. */
const TOLD_MAX = 3

function explain(
  { source: chosen, needs, requested, transitDays, day }: Omit<Piece, 'because'>,
  sites: readonly Site[],
  sourcing: Sourcing,
  positions: Positions,
  codes: SourcingState['codes'],
): string {
  const code = (site: SiteId): string => codes.get(site) ?? String(site)
  const basket = new Basket(positions)
  const has = (site: Site): string => {
    const short = needs.find((need) => basket.freeAt(site, need.item) < need.quantity)
    if (short === undefined) return 'all of it'
    return `${basket.freeAt(site, short.item)} of ${short.quantity}`
  }
  const way = transitDays === 0 ? '' : `, ${transitDays} ${transitDays === 1 ? 'day' : 'days'} away`
  const served =
    day === null ? `nobody has enough, so it waits at ${code(chosen)}` : `${code(chosen)} serves it${way}${day > requested ? `, on ${day}` : ''}`
  const others = sites.filter((one) => one.site !== chosen).map((one) => `${code(one.site)} has ${has(one)}`)
  const told = others.length > TOLD_MAX ? [...others.slice(0, TOLD_MAX), `${others.length - TOLD_MAX} more were looked at`] : others
  return `${capital(served)}; ${[...told, `by the rule of ${code(sourcing.site)}: ${sourcingInWords(sourcing)}`].join('; ')}.`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Which site is asked next for all of it when one refused: of those that have it free now, the one that the rule prefers; undefined for none. */
export function sourceNext(wanted: Wanted, asked: readonly SiteId[], sourcing: Sourcing, state: SourcingState): SiteId | undefined {
  const left = { ...sourcing, lanes: sourcing.lanes.filter((lane) => !asked.includes(lane.from)), sourcesMax: 1, splitsLines: false }
  const [piece] = source([wanted], left, state)
  return piece === undefined || piece.day === null ? undefined : piece.source
}
