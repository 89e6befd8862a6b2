// Reserve across sites: an order of one site whose lines are served by others. Each source's lane holds first, with an expiry; the home lane
// then places the order, naming what is held; then each source confirms, and only then is the order answered.
//
// It may be cut short between any two steps. What is sent again under the same key finds what was done, because every name here follows
// from the request alone: the order's id, and each step's key. What is never sent again ends by itself: holds without an order expire, and
// the order leaves messages in its home site's log that confirm its holds. So an order is never doubled and never half.

import { hash } from 'node:crypto'
import { addDays, dayOf, instant, type Day, type Instant } from '../../core/calendar.ts'
import type { OrderAnswer } from '../../core/flow/flow.ts'
import type { PlaceOrder, WantedLine } from '../../core/flow/order.ts'
import { sourceNext } from '../../core/flow/promise-source.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { refuse } from '../../core/refusal.ts'
import type { Sourcing } from '../../core/sourcing.ts'
import { isTransient, sql } from '../db.ts'
import { idNamed } from '../ids.ts'
import type { Answer, Lanes, Request } from '../lane.ts'
import { reliableOf } from '../lane/doubted.ts'
import { problemOf, type Problem } from '../problem.ts'
import type { Command } from '../stages.ts'
import { positionsOf } from './promise-source.ts'

export interface SourcingLimits {
  readonly hold_minutes: number
  /** Sites asked for a line, the one it was meant for among them, before its home site takes it as a backorder. */
  readonly sites_max: number
  /** How often one order may hold a line at one site anew because the hold before had expired. */
  readonly holds_max: number
}

export const sourcingLimits: SourcingLimits = { hold_minutes: 5, sites_max: 3, holds_max: 20 }

export interface SourcingOptions {
  readonly limits?: SourcingLimits
  /** Told before each step, and before the answer. A test throws here, as if the server had been killed. */
  readonly onStep?: (step: string) => void
}

export interface OrderRequest extends Request {
  readonly command: PlaceOrder
}

export const hasRemoteLines = (home: SiteId, { lines }: PlaceOrder): boolean => lines.some((line) => line.source !== home)

/** How an order reaches its home site: over the lanes of others first where they help to serve it. */
export const submitOver =
  (lanes: Lanes) =>
  (site: SiteId, request: Request): Promise<Answer> => {
    const { command } = request
    return command.kind === 'placeOrder' && hasRemoteLines(site, command)
      ? placeAcrossSites(lanes, site, { ...request, command })
      : lanes.submit(site, request)
  }

/** A line as it will be ordered: held at another site, or for the home site to serve as far as it can. */
interface Served {
  readonly line: WantedLine
  readonly held: { readonly held: WantedLine['quantity']; readonly day: Day | null } | null
}

interface Journey {
  readonly lanes: Lanes
  readonly home: SiteId
  readonly request: OrderRequest
  readonly order: string
  readonly limits: SourcingLimits
  readonly onStep: (step: string) => void
}

/**
 * Places an order at its home site; lines that other sites are to serve are held there first, or sourced anew where they cannot be. As with
 * a lane, what cannot be done now is a 503 answer, and the same key is good for another try.
 */
export async function placeAcrossSites(lanes: Lanes, home: SiteId, request: OrderRequest, options: SourcingOptions = {}): Promise<Answer> {
  const { caller, key, sha256 } = request
  const order = idNamed(JSON.stringify([home, caller, key, sha256.toString('hex')]))
  const journey = { lanes, home, request, order, limits: options.limits ?? sourcingLimits, onStep: options.onStep ?? (() => undefined) }
  try {
    return await travel(journey)
  } catch (error) {
    if (!isTransient(error)) throw error
    const problem = problemOf(refuse('not_available', '', 'The sites could not be asked now; send it again with the same key.'))
    return { status: problem.status, body: JSON.stringify(problem), replayed: false }
  }
}

/** Look up, hold, place, release what is not used, confirm. */
async function travel(journey: Journey): Promise<Answer> {
  const { lanes, home, request, order } = journey
  const served = (await isAnswered(journey)) ? [] : await serveLines(journey)
  if ('status' in served) return served
  const held = served.filter((one) => one.held !== null)
  const heldElsewhere = held.map((one) => ({ line: one.line.line, ...one.held! }))
  journey.onStep('place')
  const answer = await lanes.submit(home, { ...request, command: { ...request.command, order, lines: served.map((one) => one.line), heldElsewhere } })
  if (isPassing(answer)) return answer
  const placed = answer.status < 300 ? await placedElsewhere(journey, JSON.parse(answer.body) as OrderAnswer) : []
  const unused = held.filter(({ line }) => !placed.some((one) => one.line === line.line && one.source === line.source))
  await releaseHolds(journey, unused)
  const notConfirmed = await confirmHolds(journey, placed)
  journey.onStep('answer')
  return notConfirmed ?? answer
}

/** The lines of an answered order that other sites serve; the answer names sites by their codes. */
async function placedElsewhere({ lanes, home }: Journey, { lines }: OrderAnswer): Promise<readonly Placed[]> {
  const { catalog } = lanes.options
  const placed = await Promise.all(lines.map(async ({ line, source }) => ({ line, source: (await catalog.siteByCode(source))!.site })))
  return placed.filter((line) => line.source !== home)
}

interface Placed {
  readonly line: number
  readonly source: SiteId
}

/** Whether the home lane has answered this key before: then the order stands or was refused, and nothing is held for it again. */
async function isAnswered({ lanes, home, request, onStep }: Journey): Promise<boolean> {
  onStep('look up')
  const rows = await lanes.options.database.query(sql`
    select 1 from idempotency_key where site_id = ${home} and caller = ${request.caller} and key = ${request.key}`)
  return rows.length > 0
}

/** Holds what other sites are to serve. An answer instead says that a site could not take it now, and the order shall be sent again. */
async function serveLines(journey: Journey): Promise<readonly Served[] | Answer> {
  const { home, request } = journey
  const { lines } = request.command
  // What cannot be recorded is refused by the home lane; no other site is troubled with it.
  if (lines.some((line) => line.quantity <= 0)) return lines.map((line) => ({ line: { ...line, source: home }, held: null }))
  // Together: what one site is asked at once, its lane decides in one batch. No hold waits for another, so no order of sites is needed.
  const groups = [...Map.groupBy(lines, (line) => (line.kit === undefined ? `line ${line.line}` : `kit ${line.kit.kit}`)).values()]
  const served = await Promise.all(groups.map((group) => serveGroup(journey, group)))
  const passing = served.find((one) => 'status' in one)
  return passing ?? (served as readonly (readonly Served[])[]).flat()
}

/** Holds a line, or all lines of a kit, where it was meant to come from; else where there is enough, by what is recorded; else the home site takes it as it is. */
async function serveGroup(journey: Journey, lines: readonly WantedLine[]): Promise<readonly Served[] | Answer> {
  const { home, limits } = journey
  const asked: SiteId[] = []
  let at = lines
  while (at[0]!.source !== home) {
    const answer = await holdLines(journey, at)
    if (!('status' in answer) || !isShort(answer)) return answer
    asked.push(at[0]!.source)
    at = await soughtAnew(journey, lines, asked, asked.length < limits.sites_max ? await sourceAnew(journey, lines, asked) : home)
  }
  return at.map((line) => ({ line, held: null }))
}

/** The same lines from another site: how far away that is by the rule, and where a rule chose the first, that it had to be sought anew. */
async function soughtAnew(
  { lanes, home }: Journey,
  lines: readonly WantedLine[],
  asked: readonly SiteId[],
  source: SiteId,
): Promise<readonly WantedLine[]> {
  const { catalog } = lanes.options
  const lane = (await catalog.sourcingOf(home))?.lanes.find((one) => one.from === source)
  const refused = await Promise.all(asked.map(async (site) => (await catalog.site(site)).code))
  return lines.map(({ transitDays: _before, ...line }) => {
    const because = line.because && `${line.because} But ${refused.join(' and ')} had not enough any more when asked.`
    return { ...line, source, ...(lane && lane.transitDays > 0 && { transitDays: lane.transitDays }), ...(because && { because }) }
  })
}

/** Holds lines at the site that serves them, all or none. A hold of an earlier try that has expired since is held anew under the next key. */
async function holdLines(
  { lanes, home, request, order, limits, onStep }: Journey,
  lines: readonly WantedLine[],
): Promise<readonly Served[] | Answer> {
  const { clock } = lanes.options
  const { source } = lines[0]!
  const named = lines.map((line) => `${line.line} ${line.quantity}`).join(' ')
  for (let count = 1; ; count += 1) {
    const expiresAt = instant(clock() + limits.hold_minutes * 60_000)
    const there = lines.map((line) => ({ ...line, requested: leavesOn(line, dayOf(instant(clock()))) }))
    const command: Command = { kind: 'holdForOrder', order, home, priority: request.command.priority, expiresAt, lines: there }
    for (const { line } of lines) onStep(`hold line ${line} at ${source}`)
    const answer = await lanes.submit(source, stepRequest(home, `hold ${order} ${named} ${count}`, command))
    if (answer.status >= 300) return answer
    const { expiresAt: until, lines: held } = JSON.parse(answer.body) as HoldAnswer
    if (until > clock() || count === limits.holds_max)
      return lines.map((line, index) => ({ line, held: { held: held[index]!.held, day: held[index]!.day } }))
  }
}

/** When a line has to leave the site that serves it to be with the customer on the day that is wanted. */
const leavesOn = ({ requested, transitDays = 0 }: WantedLine, today: Day): Day => (requested <= today ? today : addDays(requested, -transitDays))

interface HoldAnswer {
  readonly expiresAt: Instant
  readonly lines: readonly { readonly held: WantedLine['quantity']; readonly day: Day | null }[]
}

/** The source cannot serve the line, now or any more; another may. */
function isShort({ status, body }: Answer): boolean {
  if (status !== 409) return false
  const { code } = JSON.parse(body) as Problem
  return code === 'not_enough_stock' || code === 'order_state_forbids'
}

/** By the home site's rule; without one the home site if it has enough, else the site that has most of those not asked yet, else the home site as a backorder. */
async function sourceAnew({ lanes, home }: Journey, lines: readonly WantedLine[], asked: readonly SiteId[]): Promise<SiteId> {
  const sourcing = await lanes.options.catalog.sourcingOf(home)
  if (sourcing !== undefined) return sourceByRule(lanes, sourcing, lines, asked)
  const [line] = lines as readonly [WantedLine]
  if (lines.length > 1) return home
  const free = await freeAtSites(lanes, line.item)
  const able = free.filter((one) => one.free >= line.quantity && !asked.includes(one.site))
  return able.some((one) => one.site === home) ? home : (able[0]?.site ?? home)
}

async function sourceByRule({ options }: Lanes, sourcing: Sourcing, lines: readonly WantedLine[], asked: readonly SiteId[]): Promise<SiteId> {
  const { database, catalog, clock } = options
  const ids = [sourcing.site, ...sourcing.lanes.map((lane) => lane.from)]
  const positions = await positionsOf(database, await Promise.all(ids.map((site) => catalog.site(site))), [
    ...new Set(lines.map((line) => line.item)),
  ])
  const needs = lines.map(({ item, quantity }) => ({ item, quantity }))
  const wanted = { lines: lines.map((line) => line.line), needs, requested: lines[0]!.requested, source: null }
  const state = { home: sourcing.site, today: dayOf(instant(clock())), positions, codes: catalog.siteCodes }
  return sourceNext(wanted, asked, sourcing, state) ?? sourcing.site
}

interface Free {
  readonly site: SiteId
  readonly free: number
}

/** What sites have free of an item, most first. Read without locks, so it may be stale: the lane that holds has the last word. */
async function freeAtSites({ options: { database, catalog } }: Lanes, item: ItemId): Promise<readonly Free[]> {
  const sites = (await catalog.sites()).map((one) => one.site)
  return database.query<Free>(sql`
    select a.site_id as site, ${reliableOf} - a.demand as free
    from availability a -- every site: which of them can serve a line
    join site s on s.site_id = a.site_id and s.owner_id = a.owner_id
    where a.site_id = any(${sites}::int[]) and a.item_id = ${item} and ${reliableOf} > a.demand
    order by 2 desc, a.site_id`)
}

/** Confirms what the placed order counts on. Undefined when all is confirmed; else the answer that says to send it again. */
async function confirmHolds({ lanes, home, order, onStep }: Journey, placed: readonly Placed[]): Promise<Answer | undefined> {
  const answers = await Promise.all(
    bySource(placed).map(([source, lines]) => {
      onStep(`confirm at ${source}`)
      return lanes.submit(source, stepRequest(home, `confirm ${order}`, { kind: 'confirmHold', order, lines }))
    }),
  )
  return answers.find((answer) => answer.status >= 300)
}

/** Lets go of what the order does not count on. Whether this succeeds does not matter: what is not released expires. */
async function releaseHolds({ lanes, home, order, onStep }: Journey, unused: readonly Served[]): Promise<void> {
  await Promise.all(
    bySource(unused.map((one) => one.line)).map(([source, lines]) => {
      onStep(`release at ${source}`)
      return lanes.submit(source, stepRequest(home, `release ${order} ${lines.join(' ')}`, { kind: 'releaseHold', order, lines }))
    }),
  )
}

function bySource(lines: readonly Placed[]): readonly (readonly [SiteId, number[]])[] {
  const sources = [...new Set(lines.map((line) => line.source))].toSorted((a, b) => a - b)
  return sources.map((source) => [source, lines.filter((line) => line.source === source).map((line) => line.line)])
}

/** A step's request: one key, and the same command behind it at every try but for the time at which it was tried. */
function stepRequest(home: SiteId, key: string, command: Command): Request {
  return { command, caller: `site:${home}`, key, sha256: hash('sha256', key, 'buffer') }
}

/** Not an answer to the order: the server could not take it now, and it shall be sent again. */
const isPassing = ({ status }: Answer): boolean => status === 429 || status === 503
