// Verify: proves the ledger and everything that is derived from it, from nothing but the rows themselves and the server's key. Every
// invariant of the design is a check with a name; a check that fails names the first row against it, and what is wrong with that row.
//
// What can be proved by sums that balance is proved that way, and looked at row by row only where they do not (verify/balance.ts).
// All checks see one snapshot, shared by several connections, so lanes go on meanwhile and the machine's cores all work. Memory stays flat:
// sums are made in the database, and what must come here comes in pieces.

import { randomInt } from 'node:crypto'
import { availabilityGroup } from './verify/availability.ts'
import { added, addSides, isBalanced, type Balance, type Sums } from './verify/balance.ts'
import { chainChecks, checkPiece, lookClosely, piecesOf, type ChainCheck, type Piece, type PieceFindings } from './verify/chain.ts'
import type { Check, CheckGroup, Offence, VerifyContext } from './verify/check.ts'
import { collectionGroup } from './verify/collections.ts'
import { countGroup } from './verify/counts.ts'
import { creditGroup } from './verify/credit.ts'
import { disruptionGroup } from './verify/disruption.ts'
import { headChecks } from './verify/head.ts'
import { logGroup } from './verify/log.ts'
import { orderHoldGroup } from './verify/order-holds.ts'
import { orderGroups } from './verify/orders.ts'
import { paymentGroup } from './verify/payments.ts'
import { peopleGroup } from './verify/people.ts'
import { plannedGroups } from './verify/planned.ts'
import { priceGroup } from './verify/prices.ts'
import { promiseGroups } from './verify/promises.ts'
import { recordGroups } from './verify/record.ts'
import { returnGroup } from './verify/returns.ts'
import { shrinkageGroup } from './verify/shrinkage.ts'
import { standingGroup } from './verify/standing.ts'
import { storageGroups } from './verify/storage.ts'
import { uncommonGroup } from './verify/uncommon.ts'
import { unitGroup } from './verify/units.ts'
import { valuationGroup } from './verify/valuation.ts'
import { rollback, sql, type Database, type Session, type Statement } from './db.ts'
import type { ExportedHead } from './heads.ts'

export interface VerifyOptions {
  readonly sealKey: Buffer
  /** Heads that were written down outside the database (heads.ts). */
  readonly heads?: readonly ExportedHead[]
  /** Connections that work at once; as many as the database has cores is best. */
  readonly connections?: number
  /** Told of every part that is done. */
  readonly report?: (progress: { readonly part: string; readonly done: number; readonly of: number }) => void
}

export interface CheckResult {
  readonly name: string
  readonly invariant: string
  readonly ok: boolean
  readonly seconds: number
  readonly offending?: { readonly table: string; readonly site: string; readonly key: string; readonly problem: string }
}

export interface Verification {
  readonly ok: boolean
  readonly moves: number
  readonly seconds: number
  readonly checks: readonly CheckResult[]
}

const CONNECTIONS = 2

/** Heaviest first, so that the connections end together. */
const groups: readonly CheckGroup[] = [
  ...orderGroups,
  ...promiseGroups,
  uncommonGroup,
  logGroup,
  ...plannedGroups,
  ...recordGroups,
  ...storageGroups,
  standingGroup,
  returnGroup,
  availabilityGroup,
  priceGroup,
  valuationGroup,
  orderHoldGroup,
  creditGroup,
  countGroup,
  shrinkageGroup,
  collectionGroup,
  paymentGroup,
  unitGroup,
  peopleGroup,
  disruptionGroup,
  { checks: headChecks },
]

/** Weights are drawn anew for each run, so that nobody can prepare for them. */
const SEED_END = 2 ** 47

export async function verify(database: Database, { sealKey, heads = [], connections = CONNECTIONS, report }: VerifyOptions): Promise<Verification> {
  const started = performance.now()
  const context: VerifyContext = { sealKey, heads }
  const findings = new Findings()
  const sessions = await openSnapshot(database, connections)
  try {
    const pieces = await piecesOf(sessions[0]!)
    const weighed = await weighAndChain(sessions, pieces, context, findings, report)
    const doubtful = groups.filter((group) => group.balances !== undefined && !holds(group, weighed))
    await shared(
      sessions,
      doubtful.map((group) => groupPart(group, context, findings)),
      report,
    )
    return findings.verification(await siteCodes(sessions[0]!), (performance.now() - started) / 1000)
  } finally {
    for (const session of sessions) await closeSnapshot(session)
  }
}

/** One side of each balance, and what the moves add to it; nothing where it could not be added up. */
interface Weighed {
  readonly sides: Map<Balance, Sums>
  readonly moves: readonly PieceFindings[]
}

/** The first round: the moves are read once, and every other table is checked or weighed. */
async function weighAndChain(
  sessions: readonly Session[],
  pieces: readonly Piece[],
  context: VerifyContext,
  findings: Findings,
  report: VerifyOptions['report'],
): Promise<Weighed> {
  const seed = randomInt(SEED_END)
  const weighed = { sides: new Map<Balance, Sums>(), moves: [] as PieceFindings[] }
  const parts = groups.flatMap((group) =>
    group.balances === undefined ? [groupPart(group, context, findings)] : group.balances.map((balance) => balancePart(balance, seed, weighed)),
  )
  await shared(sessions, [...parts, ...pieces.map((piece) => piecePart(piece, seed, context, findings, weighed.moves))], report)
  return weighed
}

/** Whether a group's balances come to nothing; then its checks hold without being run. */
function holds({ balances = [], lawful }: CheckGroup, weighed: Weighed): boolean {
  if (lawful && weighed.moves.some((piece) => !piece.lawful)) return false
  return balances.every((balance) => (balance.withMoves ? ledgerBalances(weighed) : comesToNothing([weighed.sides.get(balance)])))
}

/** All balances that moves have a part in, at once. */
const ledgerBalances = ({ sides, moves }: Weighed): boolean =>
  comesToNothing([
    ...groups.flatMap(({ balances = [] }) => balances.filter((balance) => balance.withMoves).map((balance) => sides.get(balance))),
    ...moves.map((piece) => piece.sums),
  ])

const comesToNothing = (sums: readonly (Sums | undefined)[]): boolean => sums.every((one) => one !== undefined) && isBalanced(added(sums))

/** A part of the work that one connection does at a time. */
interface Part {
  readonly name: string
  run(session: Session): Promise<void>
}

/** Every connection takes the next part that nobody took. */
async function shared(sessions: readonly Session[], parts: readonly Part[], report: VerifyOptions['report']): Promise<void> {
  let next = 0
  let done = 0
  const work = async (session: Session): Promise<void> => {
    while (next < parts.length) {
      const part = parts[next++]!
      await part.run(session)
      report?.({ part: part.name, done: (done += 1), of: parts.length })
    }
  }
  await Promise.all(sessions.map(work))
}

const groupPart = ({ gather = [], checks }: CheckGroup, context: VerifyContext, findings: Findings): Part => ({
  name: checks.map((check) => check.name).join(', '),
  run: async (session) => {
    const started = performance.now()
    const gathered = await guarded(session, async () => {
      for (const statement of gather) await session.execute(statement)
    })
    let seconds = (performance.now() - started) / 1000
    for (const check of checks) {
      const checked = performance.now()
      const found = gathered instanceof Error ? gathered : await guarded(session, () => check.find(session, context))
      findings.note(check, found instanceof Error ? unreadable(found) : found, seconds + (performance.now() - checked) / 1000)
      seconds = 0
    }
  },
})

const balancePart = (balance: Balance, seed: number, { sides }: Weighed): Part => ({
  name: balance.withMoves ? 'what balances with moves' : 'what balances with plans',
  run: async (session) => {
    const sums = await guarded(session, () => addSides(session, balance, seed))
    if (!(sums instanceof Error)) sides.set(balance, sums)
  },
})

const piecePart = (piece: Piece, seed: number, { sealKey }: VerifyContext, findings: Findings, moves: PieceFindings[]): Part => ({
  name: `moves ${piece.from} to ${piece.to} of site ${piece.site}`,
  run: async (session) => {
    const started = performance.now()
    const weighed = await guarded(session, () => checkPiece(session, piece, sealKey, seed))
    const found = weighed instanceof Error ? await guarded(session, () => lookClosely(session, piece, sealKey)) : weighed
    const piecewise = found instanceof Error ? { moves: 0, offences: { chain: unreadable(found) }, lawful: false } : found
    moves.push(piecewise)
    findings.notePiece(piecewise, (performance.now() - started) / 1000)
  },
})

/** A row that was damaged may make a statement fail, e.g. by a sum beyond every bound: that fails the check, not the run. */
async function guarded<T>(session: Session, work: () => Promise<T>): Promise<T | Error> {
  await session.execute(savepoint)
  try {
    const found = await work()
    await session.execute(releaseSavepoint)
    return found
  } catch (error) {
    if (!(error instanceof Error)) throw error
    await session.execute(rollbackToSavepoint)
    return error
  }
}

const savepoint: Statement = { text: 'savepoint part', values: [] }
const rollbackToSavepoint: Statement = { text: 'rollback to savepoint part', values: [] }
const releaseSavepoint: Statement = { text: 'release savepoint part', values: [] }
const unreadable = ({ message }: Error): Offence => ({ table: '?', site: 0, key: '?', problem: `It could not be checked: ${message}` })

/** What was found so far, in the order of the checks. */
class Findings {
  readonly #found = new Map<string, { readonly check: Pick<Check, 'name' | 'invariant'>; seconds: number; offence: Offence | undefined }>()
  #moves = 0

  constructor() {
    for (const [name, invariant] of Object.entries(chainChecks)) this.#found.set(name, { check: { name, invariant }, seconds: 0, offence: undefined })
    for (const check of groups.flatMap((group) => group.checks)) this.#found.set(check.name, { check, seconds: 0, offence: undefined })
  }

  note(check: Check, offence: Offence | undefined, seconds: number): void {
    this.#found.set(check.name, { check, seconds, offence })
  }

  notePiece({ moves, offences }: PieceFindings, seconds: number): void {
    this.#moves += moves
    // One statement checks all three; its time is told once.
    this.#found.get('chain')!.seconds += seconds
    for (const name of Object.keys(offences) as ChainCheck[]) {
      const found = this.#found.get(name)!
      found.offence = earlier(found.offence, offences[name])
    }
  }

  verification(codes: ReadonlyMap<number, string>, seconds: number): Verification {
    const checks = [...this.#found.values()].map(({ check, seconds: taken, offence }): CheckResult => ({
      name: check.name,
      invariant: check.invariant,
      ok: offence === undefined,
      seconds: rounded(taken),
      ...(offence && { offending: { ...offence, site: codes.get(offence.site) ?? String(offence.site) } }),
    }))
    return { ok: checks.every((check) => check.ok), moves: this.#moves, seconds: rounded(seconds), checks }
  }
}

/** Offences of pieces: the first site, then the first row. */
function earlier(one: Offence | undefined, other: Offence | undefined): Offence | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const number = ({ key }: Offence): number => Number(key.replace('sequence ', ''))
  return one.site < other.site || (one.site === other.site && number(one) <= number(other)) ? one : other
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** Opens transactions that all see what the first one sees. */
async function openSnapshot(database: Database, connections: number): Promise<readonly Session[]> {
  const sessions: Session[] = []
  try {
    let snapshot: string | undefined
    for (let index = 0; index < connections; index += 1) {
      const session = await database.session()
      sessions.push(session)
      await session.execute({ text: 'begin isolation level repeatable read', values: [] })
      if (snapshot === undefined)
        [{ snapshot }] = (await session.query<{ snapshot: string }>(sql`select pg_export_snapshot() as snapshot`)) as [{ snapshot: string }]
      // The name is PostgreSQL's own, of hexadecimal digits and dashes; it cannot travel as a parameter.
      else await session.execute({ text: `set transaction snapshot '${snapshot}'`, values: [] })
      for (const setting of settings) await session.execute({ text: setting, values: [] })
    }
    return sessions
  } catch (error) {
    for (const session of sessions) await closeSnapshot(session)
    throw error
  }
}

/**
 * Each connection keeps one core busy, and sums beyond this memory go to disk. Whole tables are compared here, so rows are never looked up one
 * by one, whatever the planner believes of tables that nobody analysed yet, and whatever a running server's connections prefer
 * (SERVER_SETTINGS). A stretch of the ledger is read along its key, in whose order it comes; a bitmap of it would have to be sorted again.
 */
const settings = [
  "set local work_mem = '128MB'",
  'set local enable_seqscan = on',
  'set local enable_hashjoin = on',
  'set local enable_mergejoin = on',
  'set local enable_material = on',
  'set local enable_nestloop = off',
  // The server's own connections look rows up by key and do without.
  'set local enable_hashjoin = on',
  'set local enable_material = on',
  'set local enable_bitmapscan = off',
  'set local max_parallel_workers_per_gather = 0',
  'set local jit = off',
]

async function closeSnapshot(session: Session): Promise<void> {
  const broken = await session.execute(rollback).then(
    () => false,
    () => true,
  )
  session.release(broken)
}

async function siteCodes(session: Session): Promise<ReadonlyMap<number, string>> {
  const rows = await session.query<{ site: number; code: string }>(sql`select site_id as site, code from site`)
  return new Map(rows.map((row) => [row.site, row.code]))
}
