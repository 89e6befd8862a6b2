// Batch: one transaction of a site's lane. Lock the head, fold the commands (fold.ts), write each table once, advance the head, commit.
//
// The site's head row is locked first, and that is the lock of the whole site: it orders server processes and numbers ledger, outbox and
// orders without gaps.
//
// The database and this process work at the same time: while a batch's records are being written, the next batch is read, in the same
// transaction behind what it may read, and folded. When its turn has come it takes the lock; if the head is as the batch before left it,
// nobody has written in between and it is written at once, else it is folded again under the lock.

import type { SiteId } from '../../core/item.ts'
import { beginByKeys, commit, rollback, type Connection, type Session, type Statement } from '../db.ts'
import { fold, needsOf, type Answer, type Folded, type LaneContext, type Request } from './fold.ts'
import { lockHead } from './head.ts'
import { readsProjectionsOnly } from './read.ts'

/** A batch that is being folded before its turn. Undefined where that failed or cannot be: then it is folded in its turn. */
export type Ahead = Promise<Folded | undefined>

export interface BatchOptions {
  /** The same requests, folded while the batch before was written on this session. */
  readonly ahead?: Ahead | undefined
  /** Asked once, when the batch is being written, for the requests that come next; undefined where none should be folded ahead. */
  readonly next?: () => readonly Request[] | undefined
  /** Told when all statements are sent and the database works alone. */
  readonly onSent?: (() => void) | undefined
}

export interface Done {
  readonly answers: readonly Answer[]
  /** Whether the site's log has grown, and with messages for other sites. */
  readonly events: boolean
  readonly messages: boolean
  /** What `next` gave, being folded; undefined when it gave nothing. */
  readonly ahead: Ahead | undefined
}

/** Runs one batch and returns an answer for each request. Throws when nothing was committed. */
export async function runBatch(
  session: Session,
  site: SiteId,
  requests: readonly Request[],
  context: LaneContext,
  { ahead, next = () => undefined, onSent = () => undefined }: BatchOptions,
): Promise<Done> {
  try {
    const folded = await inTurn(session, site, requests, context, ahead)
    const sent = send(session, folded.projections)
    const following = foldNext(session, site, context, folded, next)
    sent.push(...send(session, folded.records), commit(session))
    onSent()
    const failed = (await Promise.allSettled(sent)).find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
    const { answers, messages, found, left } = folded
    return { answers, events: left.events > found.events, messages, ahead: following }
  } catch (error) {
    await session.execute(rollback).catch(() => undefined)
    throw error
  }
}

/** Begins the transaction, takes the lock, and folds under it what was not rightly folded ahead. */
async function inTurn(session: Session, site: SiteId, requests: readonly Request[], context: LaneContext, ahead: Ahead | undefined): Promise<Folded> {
  const begun = session.execute(beginByKeys)
  const head = lockHead(session, site)
  // All are awaited together: a connection that is gone fails them all, and none may fail unheard.
  if (ahead === undefined) return (await Promise.all([begun, fold(session, site, requests, context, head)]))[1]
  const [, locked, folded] = await Promise.all([begun, head, ahead])
  return folded?.found.batches === locked.batches ? folded : fold(session, site, requests, context, locked)
}

/**
 * Folds what comes next on the head that this batch leaves, reading behind the projections that it has just sent. Only a batch that reads
 * nothing else can be folded so early.
 */
function foldNext(
  session: Session,
  site: SiteId,
  context: LaneContext,
  { left, keys }: Folded,
  next: () => readonly Request[] | undefined,
): Ahead | undefined {
  const requests = next()
  if (requests === undefined) return undefined
  if (!readsProjectionsOnly(needsOf(requests))) return Promise.resolve(undefined)
  // Should this batch fail, what was read in its transaction fails too, and is worth nothing anyway.
  return fold(session, site, requests, context, left, keys).then(madeAhead, () => undefined)
}

/** Makes the statements too: in its turn they are sent at once. */
const madeAhead = (folded: Folded): Folded => ({ ...folded, projections: [...folded.projections], records: [...folded.records] })

/** Sends statements without waiting for any; the promises settle in their order. */
function send(session: Connection, statements: Iterable<Statement>): Promise<unknown>[] {
  const sent: Promise<unknown>[] = []
  for (const statement of statements) {
    const one = session.execute(statement)
    // Should making a later statement throw, nobody would wait for this one; that it failed is heard again at the rollback.
    one.catch(() => undefined)
    sent.push(one)
  }
  return sent
}
