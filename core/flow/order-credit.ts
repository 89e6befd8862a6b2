// Order credit: an order that takes its customer over his limit is put on hold for credit, as it is placed or as more of it is wanted. What he has on credit
// is counted by the lines that a command changes, whichever command it is, so that it cannot drift from them.

import { creditOf, exposureOf, type CreditAccount, type OnCredit } from '../credit.ts'
import { written, type Currency } from '../currency.ts'
import type { PartyId } from '../item.ts'
import { announce, type Draft } from '../ledger.ts'
import { add, nothing, subtract, type Money } from '../money.ts'
import type { OrderLine } from '../order.ts'
import type { LinePrice, OrderTerms } from '../order-price.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { placeHold } from './order-hold.ts'

export interface SetCredit {
  readonly kind: 'setCredit'
  readonly document: string
  readonly customer: PartyId
  readonly currency: Currency
  /** Null where he shall have no limit. */
  readonly limit: Money | null
  /** What accounting says he owes; undefined leaves what is known. */
  readonly owed: Money | undefined
}

/** Sets what a customer may owe this site. Needs all of his orders of which something is open: what is open is counted anew from their lines. */
export function setCredit({ document, customer, currency, limit, owed }: SetCredit, draft: Draft): object | Refusal {
  const before = draft.creditAccount.get(String(customer))
  if (limit === null) {
    if (before === undefined) return refuse('nothing_to_do', 'limit', 'The customer has no limit here.')
    draft.creditAccount.remove(before)
  } else {
    const open = draft.state.tables.line
      .rows()
      .filter((line) => isOnCredit(draft, line.order, customer))
      .reduce((sum, line) => add(sum, lineCredit(draft, line, currency).open), nothing)
    draft.creditAccount.put({ customer, currency, limit, owed: owed ?? before?.owed ?? nothing, open })
  }
  const after = draft.creditAccount.get(String(customer))
  announce(draft, { type: 'credit.set', subject: document, data: { customer, limit, owed: after?.owed ?? null } })
  return { id: document, limit, owed: after?.owed ?? null, open: after?.open ?? null }
}

/** Counts what the draft's lines change of what customers have on credit, and holds the orders that took one over his limit. The same however often it is asked. */
export function weighCredit(draft: Draft): void {
  const { tables } = draft.state
  if (tables.creditAccount.size === 0 || draft.line.changed.size === 0) return
  const weighed = new Map<string, { account: CreditAccount; readonly risen: Set<string> }>()
  for (const [key, after] of draft.line.changed) {
    if (after === undefined) continue
    const account = accountOf(draft, after.order)
    if (account === undefined) continue
    const id = String(account.customer)
    const one = weighed.get(id) ?? { account, risen: new Set() }
    const before = tables.line.get(key)
    const [was, is] = [before === undefined ? noCredit : lineCredit(tables, before, account.currency), lineCredit(draft, after, account.currency)]
    const { open, owed } = one.account
    one.account = { ...one.account, open: add(open, subtract(is.open, was.open)), owed: atLeastNothing(add(owed, subtract(is.owed, was.owed))) }
    if (exposureOf(is) > exposureOf(was)) one.risen.add(after.order)
    weighed.set(id, one)
  }
  for (const { account, risen } of weighed.values()) {
    draft.creditAccount.put(account)
    if (exposureOf(account) > account.limit) for (const order of risen) holdForCredit(draft, order, account)
  }
}

function holdForCredit(draft: Draft, order: string, account: CreditAccount): void {
  if (draft.orderHold.of(order).some((one) => one.kind === 'credit' && one.takenOffAt === null)) return
  const [has, may] = [written(exposureOf(account), account.currency), written(account.limit, account.currency)]
  const reason = `With it the customer has ${has} on credit, which is over the limit of ${may}.`
  placeHold(draft, { order, hold: draft.state.newId(), kind: 'credit', reason })
}

const noCredit: OnCredit = { owed: nothing, open: nothing }
/** What accounting told may be less than what has left and comes back now. */
const atLeastNothing = (amount: Money): Money => (amount < 0 ? nothing : amount)

/** The account that an order counts on; undefined where its customer has no limit, or it is paid otherwise. */
function accountOf(draft: Draft, order: string): CreditAccount | undefined {
  const row = draft.order.get(order)
  // From the batch's own copy, not the draft: what the draft made of it is reckoned anew each time.
  const account = row && draft.state.tables.creditAccount.get(String(row.customer))
  return account !== undefined && isOnCredit(draft, order, account.customer) ? account : undefined
}

function isOnCredit(draft: Draft, order: string, customer: PartyId): boolean {
  const row = draft.order.get(order)
  return row?.customer === customer && row.kind === 'order' && draft.payment.get(order) === undefined
}

/** The batch's own copy, or a draft. */
interface Worth {
  readonly linePrice: { get(key: string): LinePrice | undefined }
  readonly orderTerms: { get(key: string): OrderTerms | undefined }
}

const lineCredit = (rows: Worth, line: OrderLine, currency: Currency): OnCredit =>
  creditOf(line, rows.linePrice.get(`${line.order}/${line.line}`), rows.orderTerms.get(line.order), currency)
