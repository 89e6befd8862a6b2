// Fold: reads what a batch's commands need and decides them, in arrival order, each through its stage's pure decision on one working copy.
// What comes out is all that is left to do: statements that write each table once, and an answer for each command.
//
// It is right as long as nobody else writes to the site between its reading and its writing. Usually it stands under the head's lock; a
// batch that is folded ahead of its turn is checked against the head when its turn has come (batch.ts).

import type { Catalog } from '../catalog.ts'
import { draftOn, keep, type State } from '../../core/ledger.ts'
import { dayOf, instant, type Instant } from '../../core/calendar.ts'
import type { PartyId, SiteId } from '../../core/item.ts'
import { TooLarge } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { answerAskers } from '../../core/flow/cover-answer.ts'
import { weighCredit } from '../../core/flow/order-credit.ts'
import { settleCounts } from '../../core/loop/count.ts'
import { demoteExpired } from '../../core/loop/record.ts'
import type { Connection, Statement } from '../db.ts'
import type { Clock } from '../clock.ts'
import { problemOf } from '../problem.ts'
import { stageOf, type Command } from '../stages.ts'
import type { Needs } from '../stage.ts'
import { happenedAt } from './counts.ts'
import { genesis, link, seal, sealHead } from './chain.ts'
import { advanceHead, type SiteHead } from './head.ts'
import { insertKeys, nameOf, readKeys, REFERENCE_CALLER, type Keyed } from './keys.ts'
import { expiring, mayFreeSupply, readTables, wantedBy } from './read.ts'
import { writeProjections, writeRecords, type ChainedMove } from './write.ts'

/** A command with the key that makes it safe to send again. */
export interface Request {
  readonly command: Command
  /** Who sends it: the first part of the key's name, and the actor of its moves. */
  readonly caller: string
  readonly key: string
  readonly sha256: Buffer
  /** A number of the caller's own that may be used once at the site, e.g. a customer's order number. */
  readonly reference?: string | null
}

export interface Answer {
  readonly status: number
  /** JSON text. */
  readonly body: string
  readonly replayed: boolean
}

export interface LaneContext {
  readonly catalog: Catalog
  readonly clock: Clock
  readonly newId: () => string
  readonly sealKey: Buffer
}

/** A batch that is decided and not yet written. */
export interface Folded {
  readonly answers: readonly Answer[]
  /** The head as it must be when this is written, and as it then becomes. */
  readonly found: SiteHead
  readonly left: SiteHead
  readonly keys: readonly Keyed[]
  /** Statements for what later decisions may read. Both are made as they are asked for. */
  readonly projections: Iterable<Statement>
  /** Statements for what is only recorded, the head's own at the end. */
  readonly records: Iterable<Statement>
  /** Whether other sites have messages now. */
  readonly messages: boolean
}

/**
 * Folds requests on the head that is given: locked, or as the batch before leaves it. `keysBefore` are those of that batch, which may not be
 * written yet. Its first reads are sent before it waits for anything.
 */
export async function fold(
  session: Connection,
  site: SiteId,
  requests: readonly Request[],
  context: LaneContext,
  head: Promise<SiteHead> | SiteHead,
  keysBefore: readonly Keyed[] = [],
): Promise<Folded> {
  const { state, found, keys } = await readState(session, site, requests, context, head)
  for (const one of keysBefore) keys.set(nameOf(one.caller, one.key), one)
  const added: Keyed[] = []
  const answers = requests.map((request) => answerTo(request, state, keys, added))
  const base = { answers, found, keys: added, messages: state.events.some((event) => event.to !== undefined) }
  // Nothing but answers that were given before.
  if (added.length === 0 && state.moves.length === 0 && state.events.length === 0) return { ...base, left: found, projections: [], records: [] }
  const { moves, left } = chained(state, found, context.sealKey)
  return { ...base, left, projections: writeProjections(state), records: recordsOf(state, moves, added, left, context.sealKey) }
}

async function readState(
  session: Connection,
  site: SiteId,
  requests: readonly Request[],
  { catalog, clock, newId }: LaneContext,
  head: Promise<SiteHead> | SiteHead,
): Promise<{ readonly state: State; readonly found: SiteHead; readonly keys: Map<string, Keyed> }> {
  const needs = needsOf(requests)
  const wanted = wantedBy(needs)
  // Read once a batch: a day that began between two readings would demote a lot whose stock was not read.
  const read = clock()
  const now = async (): Promise<Instant> => instant(Math.max(read, (await head).recordedAt))
  const owner = async (): Promise<PartyId> => (await catalog.site(site, session)).owner
  // Sent together: the keys, and what follows from the commands alone.
  const [found, keys, tables] = await Promise.all([head, readKeys(session, site, requests), readTables(session, { site, owner }, wanted, now)])
  const rows = [...tables.availability.rows(), ...tables.planned.rows(), ...tables.line.rows(), ...tables.countPosition.rows()]
  // On this connection: lanes that each kept one and waited for another would wait for ever.
  const items = await catalog.itemsWith([...rows.map((row) => row.item), ...needs.flatMap((need) => need.items ?? [])], session)
  if (needs.some((need) => need.everyPlace)) catalog.forgetPlaces(site)
  const places = await catalog.placesWith(
    site,
    [...[...tables.stock.rows(), ...tables.countPosition.rows()].map((row) => row.place), ...placesOf(needs)],
    session,
  )
  const { code, owner: own } = await catalog.site(site, session)
  const at = await now()
  const state: State = {
    site,
    siteCode: code,
    siteCodes: catalog.siteCodes,
    owner: own,
    tables,
    items,
    places,
    walks: catalog.walksOf(site),
    now: at,
    today: dayOf(at),
    plansSupply: wanted.plansSupply || mayFreeSupply(tables),
    countsOnSupply: wanted.countsOnSupply || mayFreeSupply(tables),
    newId,
    moves: [],
    corrections: [],
    marks: [],
    events: [],
    head: { moves: found.moves, events: found.events, numbers: found.numbers, closedThrough: found.closedThrough },
  }
  demote(state)
  return { state, found, keys }
}

export const needsOf = (requests: readonly Request[]): Needs[] =>
  requests.map(({ command }) => ({ ...stageOf(command).needs(command), happenedAt: happenedAt(command) }))
const placesOf = (needs: readonly Needs[]) => needs.flatMap((need) => need.places ?? [])

/** Lots that expired stop being sellable before any command is decided. */
function demote(state: State): void {
  for (const { item, owner } of expiring(state.tables, state.today)) {
    const draft = draftOn(state, 'system')
    demoteExpired(draft, item, owner)
    answerAskers(draft)
    keep(draft)
  }
}

function answerTo(request: Request, state: State, keys: Map<string, Keyed>, added: Keyed[]): Answer {
  const name = nameOf(request.caller, request.key)
  const known = keys.get(name)
  if (known) {
    if (known.sha256.equals(request.sha256)) return { status: known.status, body: known.answer, replayed: true }
    return answerOf(refuse('idempotency_key_reused', 'Idempotency-Key', 'This key was used before, for a different request.'))
  }
  const { reference, command, caller } = request
  const answer = isTaken(reference, keys) ? refusalOfReference(reference!) : decide(command, caller, state)
  const { status, body } = answer
  const keyed = { caller, key: request.key, sha256: request.sha256, status, answer: body, command: command.kind }
  keys.set(name, keyed)
  added.push(keyed)
  if (reference && status < 300) {
    const taken = { ...keyed, caller: REFERENCE_CALLER, key: reference, answer: '{}' }
    keys.set(nameOf(REFERENCE_CALLER, reference), taken)
    added.push(taken)
  }
  return answer
}

function decide(command: Command, actor: string, state: State): Answer {
  const stage = stageOf(command)
  const draft = draftOn(state, actor)
  const decided = (): object | Refusal => {
    const answer = stage.decide(command, draft)
    if (isRefusal(answer)) return answer
    settleCounts(draft)
    weighCredit(draft)
    return answer
  }
  const answer = isMessage(actor) ? decided() : answerWithin(decided)
  if (isRefusal(answer)) return answerOf(answer)
  answerAskers(draft)
  keep(draft)
  return { status: stage.status, body: JSON.stringify(answer), replayed: false }
}

/** Another site sends it; a refusal would be kept as its answer, where a fault is tried again. */
const isMessage = (caller: string): boolean => caller.startsWith('site:')

/** What is sent is bounded, sums of it over time are not: what no record could keep exactly is refused, and sending it again is no use. */
function answerWithin(decided: () => object | Refusal): object | Refusal {
  try {
    return decided()
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return refuse('quantity_too_large', '', `With this, quantities or amounts would no longer be exact: ${error.message}`)
  }
}

const answerOf = (refusal: Refusal): Answer => {
  const problem = problemOf(refusal)
  return { status: problem.status, body: JSON.stringify(problem), replayed: false }
}
const isTaken = (reference: string | null | undefined, keys: ReadonlyMap<string, Keyed>): boolean =>
  typeof reference === 'string' && keys.has(nameOf(REFERENCE_CALLER, reference))
const refusalOfReference = (reference: string): Answer =>
  answerOf(refuse('order_number_taken', 'reference', `The number ${reference} was used before at this site.`))

/** Ties the moves to those before them, and the head to the last of them. */
function chained(state: State, found: SiteHead, sealKey: Buffer): { readonly moves: readonly ChainedMove[]; readonly left: SiteHead } {
  let hash = found.hash.length === 0 ? genesis : found.hash
  const moves = state.moves.map((move) => {
    hash = link(hash, state.site, move)
    return { ...move, hash, seal: seal(sealKey, hash) }
  })
  return { moves, left: { ...state.head, hash: moves.length === 0 ? found.hash : hash, batches: found.batches + 1, recordedAt: state.now } }
}

function* recordsOf(state: State, moves: readonly ChainedMove[], keys: readonly Keyed[], left: SiteHead, sealKey: Buffer): Generator<Statement> {
  yield* writeRecords(state, moves)
  if (keys.length > 0) yield insertKeys(state, keys)
  yield advanceHead(state.site, left, sealHead(sealKey, state.site, left))
}
