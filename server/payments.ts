// Payments: asks the payment provider for what orders' payments need, and tells the lanes what it answered. It reads the sites' logs with a cursor of
// its own: an order with something to be asked is worked through step by step; the cursor goes on when each of its steps is answered or known to be
// unclear. So nothing is lost when it is killed, and no lane ever waits for a provider.
//
// It may be killed between the provider's doing and the lane's knowing. A step is asked again under its key, which the provider does once; and an
// answer is told under a key too, which the lane takes once. Several processes may do all this at the same time, for the same reason.

import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NotePayment } from '../core/flow/order-payment.ts'
import type { SiteId } from '../core/item.ts'
import type { PaymentStep } from '../core/payment.ts'
import { sql, type Database } from './db.ts'
import { advanceCursor } from './feed.ts'
import type { Lanes } from './lane.ts'
import type { PaymentProvider, ProviderRequest } from './payment/provider.ts'
import type { Command } from './stages.ts'

export interface PaymentLimits {
  readonly look_milliseconds: number
  /** How long a provider may take to answer; after that it is unclear what it did. */
  readonly answer_milliseconds_max: number
  /** How often what is unclear is asked again. */
  readonly retry_milliseconds: number
  /** Of one site's log, looked at together. */
  readonly events_max: number
  /** Orders that are worked on at once. */
  readonly orders_max: number
}

export const paymentLimits: PaymentLimits = {
  look_milliseconds: 200,
  answer_milliseconds_max: 10_000,
  retry_milliseconds: 15_000,
  events_max: 10_000,
  orders_max: 8,
}

export interface PaymentsOptions {
  readonly database: Database
  readonly lanes: Pick<Lanes, 'submit'>
  readonly provider: PaymentProvider
  readonly limits?: PaymentLimits
  readonly onFault?: (error: unknown) => void
}

const READER = 'payments'

export class Payments {
  readonly #options: PaymentsOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: PaymentsOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { limits = paymentLimits, onFault } = this.#options
    const { signal } = this.#stopping
    let retried = performance.now()
    while (!signal.aborted) {
      let passed = 0
      try {
        passed = await askNew(this.#options)
        if (performance.now() - retried >= limits.retry_milliseconds) {
          retried = performance.now()
          await askUnclear(this.#options)
        }
      } catch (error) {
        onFault?.(error)
      }
      // With many events there are more at once.
      if (passed < limits.events_max) await sleep(limits.look_milliseconds, undefined, { signal }).catch(() => undefined)
    }
  }
}

interface OrderAt {
  readonly site: SiteId
  readonly order: string
}

/** Works through what the logs have new; returns how many events it went past. */
export async function askNew(options: PaymentsOptions): Promise<number> {
  const { database, limits = paymentLimits } = options
  const logs = await database.query<{ site: SiteId; from: number; to: number }>(sql`
    select h.site_id as site, coalesce(c.sequence, 0) as "from", least(h.outbox_sequence, coalesce(c.sequence, 0) + ${limits.events_max}) as "to"
    from site_head h left join outbox_cursor c on c.site_id = h.site_id and c.reader = ${READER} -- every site: each has its log
    where h.outbox_sequence > coalesce(c.sequence, 0)
    order by h.site_id`)
  let passed = 0
  for (const { site, from, to } of logs) {
    const rows = await database.query<{ type: string; order: string }>(sql`
      select distinct type, subject as "order" from outbox
      where site_id = ${site} and sequence > ${from} and sequence <= ${to} and type in ('payment.asked', 'demand.held')`)
    const asked = rows.filter((row) => row.type === 'payment.asked').map(({ order }) => ({ site, order }))
    await eachAtOnce(asked, limits.orders_max, (one) => work(options, one))
    await askWaiting(
      options,
      rows.filter((row) => row.type === 'demand.held').map((row) => row.order),
    )
    await database.execute(advanceCursor(site, READER, to))
    passed += to - from
  }
  return passed
}

/** Asks again for what the provider did not answer. */
export async function askUnclear(options: PaymentsOptions): Promise<void> {
  const { database, limits = paymentLimits } = options
  const orders = await database.query<OrderAt>(sql`
    select distinct site_id as site, order_id as "order" from payment_step where state in ('asked', 'unclear') -- every site: what it was not told yet`)
  await eachAtOnce(orders, limits.orders_max, (one) => work(options, one))
}

/** Stock came in for orders whose payment waited for it. */
async function askWaiting(options: PaymentsOptions, documents: readonly string[]): Promise<void> {
  if (documents.length === 0) return
  const waiting = await options.database.query<OrderAt>(sql`
    select p.site_id as site, p.order_id as "order" from payment p -- every site: the home sites of orders that others serve
    where p.order_id = any(${documents}::uuid[])
      and not exists (select from payment_step s where s.site_id = p.site_id and s.order_id = p.order_id)`)
  for (const { site, order } of waiting) {
    await tell(options, site, `authorise ${order}`, { kind: 'askAuthorisation', order, token: null })
    await work(options, { site, order })
  }
}

interface NextStep extends Pick<PaymentStep, 'step' | 'action' | 'amount' | 'state'> {
  readonly token: string
  readonly currency: string
  readonly authorisation: string | null
}

/** Asks for an order's steps, one after the other, until none is left or one stays unclear. */
async function work(options: PaymentsOptions, { site, order }: OrderAt): Promise<void> {
  for (;;) {
    const [next] = await options.database.query<NextStep>(sql`
      select s.step, s.action, s.amount_minor as amount, s.state, p.token, p.currency,
        (select a.reference from payment_step a
          where a.site_id = s.site_id and a.order_id = s.order_id and a.action = 'authorise' and a.state = 'done' order by a.step desc limit 1) as authorisation
      from payment_step s join payment p on p.site_id = s.site_id and p.order_id = s.order_id
      where s.site_id = ${site} and s.order_id = ${order} and s.state in ('asked', 'unclear')
      order by s.step limit 1`)
    if (next === undefined) return
    const answer = await answerTo(options, order, next)
    const key = `${order} ${next.step} ${answer.outcome}`
    await tell(options, site, key, { kind: 'notePayment', order, step: next.step, ...answer })
    if (answer.outcome === 'unclear') return
  }
}

type Answer = Pick<NotePayment, 'outcome' | 'reference' | 'reason'>

async function answerTo({ provider, limits = paymentLimits }: PaymentsOptions, order: string, next: NextStep): Promise<Answer> {
  const { step, action, amount, token, currency, authorisation } = next
  const request: ProviderRequest = { key: `${order}/${step}`, action, token, authorisation, amount, currency }
  const signal = AbortSignal.timeout(limits.answer_milliseconds_max)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('The provider did not answer in time.')), { once: true })
  })
  try {
    const answer = await Promise.race([provider.ask(request, signal), late])
    return answer.outcome === 'done'
      ? { outcome: 'done', reference: answer.reference, reason: null }
      : { outcome: 'declined', reference: null, reason: answer.reason }
  } catch (error) {
    return { outcome: 'unclear', reference: null, reason: error instanceof Error ? error.message : 'The provider failed.' }
  }
}

/** Tells a lane under a key that follows from what is told. A refusal is as good as taken: somebody else told it, or it is past. */
async function tell({ lanes }: PaymentsOptions, site: SiteId, key: string, command: Command): Promise<void> {
  const answer = await lanes.submit(site, { command, caller: 'payments', key, sha256: hash('sha256', key, 'buffer') })
  if (answer.status === 429 || answer.status === 503) throw new Error(`Site ${site} could not take what the provider answered: ${answer.body}`)
}

/** At most so many at once; those that fail do not keep the others from being done, and the first failure is thrown at the end. */
async function eachAtOnce<One>(all: readonly One[], atOnce_max: number, work: (one: One) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  const left = [...all]
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one).catch((error: unknown) => failures.push(error))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce_max, all.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
