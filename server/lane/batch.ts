// Batch: one transaction of a site's lane. Lock the head, read what the commands need, fold them in arrival order through their
// stage's pure decision on one working copy, write each table once, advance the head, commit.
//
// The site's head row is locked first, and that is the lock of the whole site: it orders server processes and numbers ledger, outbox and
// orders without gaps. Each command's key is looked up in the same transaction, so a key has one effect and one answer, also when the first
// answer was lost.

import type { Catalog } from '../catalog.ts'
import { draftOn, keep, type State } from '../../core/ledger.ts'
import { dayOf, instant, type Instant } from '../../core/calendar.ts'
import type { SiteId } from '../../core/item.ts'
import { TooLarge } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { demoteExpired } from '../../core/loop/record.ts'
import { textOf } from '../../core/calendar.ts'
import { begin, commit, joined, rollback, sql, type Connection, type Session } from '../db.ts'
import type { Clock } from '../clock.ts'
import { problemOf } from '../problem.ts'
import { stageOf, type Command } from '../stages.ts'
import type { Needs } from '../stage.ts'
import { genesis, link, seal, sealHead, type Head } from './chain.ts'
import { expiring, readTables, wantedBy } from './read.ts'
import { writeTables, type ChainedMove } from './write.ts'

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

interface Locked extends Head {
  readonly recordedAt: Instant
}

interface Keyed {
  readonly caller: string
  readonly key: string
  readonly sha256: Buffer
  readonly status: number
  readonly answer: string
}

/** The caller under which references are kept as keys. */
const REFERENCE_CALLER = 'reference'

/** Runs one batch and returns an answer for each request, and whether other sites have messages now. Throws when nothing was committed. */
export async function runBatch(
  session: Session,
  site: SiteId,
  requests: readonly Request[],
  context: LaneContext,
): Promise<{ readonly answers: readonly Answer[]; readonly messages: boolean }> {
  try {
    // Both are awaited together: a connection that is gone fails both, and neither may fail unheard.
    const [, { state, head, keys }] = await Promise.all([session.execute(begin), readState(session, site, requests, context)])
    const added: Keyed[] = []
    const answers = requests.map((request) => answerTo(request, state, keys, added))
    await writeState(session, state, head, added, context.sealKey)
    return { answers, messages: state.events.some((event) => event.to !== undefined) }
  } catch (error) {
    await session.execute(rollback).catch(() => undefined)
    throw error
  }
}

async function readState(
  session: Session,
  site: SiteId,
  requests: readonly Request[],
  { catalog, clock, newId }: LaneContext,
): Promise<{ readonly state: State; readonly head: Locked; readonly keys: Map<string, Keyed> }> {
  const needs = requests.map((request) => stageOf(request.command).needs(request.command))
  const lockedHead = lockHead(session, site)
  // Read once a batch: a day that began between two readings would demote a lot whose stock was not read.
  const read = clock()
  const now = async (): Promise<Instant> => instant(Math.max(read, (await lockedHead).recordedAt))
  // Sent together: the head's lock, the keys, and what follows from the commands alone.
  const [head, keys, tables] = await Promise.all([lockedHead, readKeys(session, site, requests), readTables(session, site, wantedBy(needs), now)])
  const rows = [...tables.availability.rows(), ...tables.planned.rows(), ...tables.line.rows()]
  // On this connection: lanes that each kept one and waited for another would wait for ever.
  const items = await catalog.itemsWith([...rows.map((row) => row.item), ...needs.flatMap((need) => need.items ?? [])], session)
  if (needs.some((need) => need.everyPlace)) catalog.forgetPlaces(site)
  const places = await catalog.placesWith(site, [...tables.stock.rows().map((row) => row.place), ...placesOf(needs)], session)
  const { code, owner } = await catalog.site(site, session)
  const at = await now()
  const state: State = {
    site,
    siteCode: code,
    siteCodes: catalog.siteCodes,
    owner,
    tables,
    items,
    places,
    walks: catalog.walksOf(site),
    now: at,
    today: dayOf(at),
    plansSupply: needs.some((need) => need.plansSupply === true),
    newId,
    moves: [],
    corrections: [],
    events: [],
    head: { moves: head.moves, events: head.events, numbers: head.numbers },
  }
  demote(state)
  return { state, head, keys }
}

const placesOf = (needs: readonly Needs[]) => needs.flatMap((need) => need.places ?? [])

/** Lots that expired stop being sellable before any command is decided. */
function demote(state: State): void {
  for (const item of new Set(expiring(state.tables, state.today))) {
    const draft = draftOn(state, 'system')
    demoteExpired(draft, item, state.owner)
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
  const keyed = { caller, key: request.key, sha256: request.sha256, status, answer: body }
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
  const answer = isMessage(actor) ? stage.decide(command, draft) : answerWithin(() => stage.decide(command, draft))
  if (isRefusal(answer)) return answerOf(answer)
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
const nameOf = (caller: string, key: string): string => `${caller} ${key}`
const isTaken = (reference: string | null | undefined, keys: ReadonlyMap<string, Keyed>): boolean =>
  typeof reference === 'string' && keys.has(nameOf(REFERENCE_CALLER, reference))
const refusalOfReference = (reference: string): Answer =>
  answerOf(refuse('order_number_taken', 'reference', `The number ${reference} was used before at this site.`))

async function lockHead(session: Connection, site: SiteId): Promise<Locked> {
  const rows = await session.query<Locked>(sql`
    select move_sequence as moves, move_hash as hash, outbox_sequence as events, last_number as numbers, recorded_at as "recordedAt"
    from site_head where site_id = ${site} for update`)
  if (rows[0] === undefined) throw new Error(`Site ${site} has no head row.`)
  return rows[0]
}

/** Callers and keys are asked for apart, so that the index is used for both whatever the planner knows; a pair too many does no harm. */
async function readKeys(session: Connection, site: SiteId, requests: readonly Request[]): Promise<Map<string, Keyed>> {
  const references = requests.flatMap(({ reference }) => reference ?? [])
  const callers = new Set(requests.map((request) => request.caller))
  if (references.length > 0) callers.add(REFERENCE_CALLER)
  const keys = [...new Set([...requests.map((request) => request.key), ...references])]
  const rows = await session.query<Keyed>(sql`
    select caller, key, request_sha256 as sha256, status, answer
    from idempotency_key
    where site_id = ${site} and caller = any(${[...callers]}::text[]) and key = any(${keys}::text[])`)
  return new Map(rows.map((row) => [nameOf(row.caller, row.key), row]))
}

async function writeState(session: Session, state: State, head: Locked, keys: readonly Keyed[], sealKey: Buffer): Promise<void> {
  const moves = chain(state, head.hash.length === 0 ? genesis : head.hash, sealKey)
  const next: Head = { ...state.head, hash: moves.at(-1)?.hash ?? head.hash }
  const grown = state.events.length > 0 || moves.length > 0 || state.head.numbers > head.numbers
  const writes = [
    ...writeTables(session, state, moves),
    ...(keys.length > 0 ? [session.execute(insertKeys(state, keys))] : []),
    ...(grown ? [session.execute(advanceHead(state, next, sealHead(sealKey, state.site, next)))] : []),
    commit(session),
  ]
  const failed = (await Promise.allSettled(writes)).find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

function chain(state: State, start: Buffer, sealKey: Buffer): ChainedMove[] {
  let previous = start
  return state.moves.map((move) => {
    previous = link(previous, state.site, move)
    return { ...move, hash: previous, seal: seal(sealKey, previous) }
  })
}

const insertKeys = ({ site, now }: State, keys: readonly Keyed[]) => sql`
  insert into idempotency_key (site_id, caller, key, request_sha256, status, answer, recorded_at)
  select ${site}, t.caller, t.key, t.request_sha256, t.status, t.answer, ${textOf(now)} from unnest(
    ${keys.map((row) => row.caller)}::text[], ${keys.map((row) => row.key)}::text[], ${keys.map((row) => row.sha256)}::bytea[],
    ${keys.map((row) => row.status)}::int[], string_to_array(${joined(keys.map((row) => row.answer))}, chr(30))) t (caller, key, request_sha256, status, answer)`

const advanceHead = ({ site, now }: State, head: Head, sealed: Buffer) => sql`
  update site_head
  set move_sequence = ${head.moves}, move_hash = ${head.hash}, outbox_sequence = ${head.events}, last_number = ${head.numbers},
    recorded_at = ${textOf(now)}, seal = ${sealed}
  where site_id = ${site}`
