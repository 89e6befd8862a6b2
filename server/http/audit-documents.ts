// Audit documents: what a command of the audit trail was about, so that a row leads to it. A command's kind says what its answer names; orders
// are known to people by number and items by SKU, so those are looked up, all of a page at once. A refusal names nothing: nothing came of it.

import type { AuditedKind } from '../../api/people.ts'
import type { ItemId, SiteId } from '../../core/item.ts'
import { sql, type Database, type Statement } from '../db.ts'
import type { Command } from '../stages.ts'
import type { CallOf } from './call.ts'

/** A command's row, as far as it says what it was about. */
export interface Answered {
  readonly site: SiteId
  readonly action: string | null
  readonly status: number
  /** JSON text. */
  readonly answer: string
}

export interface Audited {
  readonly kind: AuditedKind
  readonly id: string
  /** Where it is; null where it concerns every site. */
  readonly site: string | null
}

const order: readonly Command['kind'][] = [
  'placeOrder',
  'buyForOrder',
  'makeReady',
  'collectOrder',
  'putBackUncollected',
  'sell',
  'changeOrder',
  'allocate',
  'recall',
  'pick',
  'pack',
  'unpack',
  'ship',
  'deliver',
  'failDelivery',
  'bringBack',
  'loseShipment',
  'return',
  'authoriseReturn',
  'cancelReturn',
  'receiveReturn',
  'disposeReturn',
  'exchangeReturn',
  'cancelOrder',
  'cancelForHome',
  'noteProgress',
  'holdForOrder',
  'confirmHold',
  'releaseHold',
  'putOnHold',
  'takeOffHold',
  'noteOrderHold',
  'askAuthorisation',
  'notePayment',
]
const purchase: readonly Command['kind'][] = ['purchase', 'redatePurchase', 'cancelPurchase', 'shipDirect']
const workOrder: readonly Command['kind'][] = ['produce', 'releaseWorkOrder', 'issueComponents', 'recordOutput', 'redateWorkOrder', 'cancelWorkOrder']
const transfer: readonly Command['kind'][] = [
  'requestTransfer',
  'supplyTransfer',
  'sendTransfer',
  'receiveTransfer',
  'dispatchTransfer',
  'takeArrival',
]
const item: readonly Command['kind'][] = ['lose', 'undoLoss', 'count', 'changeCondition', 'relocate', 'recallLot', 'liftRecall']
const user: readonly Command['kind'][] = ['createUser', 'editUser', 'setPassword', 'deactivateUser', 'activateUser', 'endSessions']
const key: readonly Command['kind'][] = ['createKey', 'revokeKey']

const kinds: ReadonlyMap<string | null, AuditedKind> = new Map(
  (
    [
      ['order', order],
      ['purchase', purchase],
      ['work_order', workOrder],
      ['transfer', transfer],
      ['shipment', ['track']],
      ['item', item],
      ['user', user],
      ['key', key],
    ] as const
  ).flatMap(([kind, commands]) => commands.map((command) => [command, kind] as const)),
)

interface Named {
  readonly id?: string | number
  /** What the order is known by, where it was placed or sold. */
  readonly number?: string
  readonly order?: string
  readonly name?: string
  readonly item?: ItemId
}

/** What each row was about, of those where that can be told. `sites` are those that the caller may see. */
export async function documentsOf<Row extends Answered>(
  { context }: Pick<CallOf<'listAudit'>, 'context'>,
  sites: readonly SiteId[],
  rows: readonly Row[],
): Promise<ReadonlyMap<Row, Audited>> {
  const about = rows.flatMap((row) => {
    const kind = row.status < 300 ? kinds.get(row.action) : undefined
    return kind === undefined ? [] : [{ row, kind, named: JSON.parse(row.answer) as Named }]
  })
  const orders = about.flatMap(({ row, kind, named }) =>
    kind === 'order' && named.number === undefined ? [{ site: row.site, order: orderIn(named) }] : [],
  )
  const items = about.flatMap(({ named }) => (named.item === undefined ? [] : [named.item]))
  const [numbers, skus] = await Promise.all([numbersOf(context.database, sites, orders), context.catalog.itemsWith(items)])
  const audited = ({ row, kind, named }: (typeof about)[number]): Audited | undefined => {
    const site = context.catalog.siteCodes.get(row.site) ?? null
    const at = (id: string | undefined): Audited | undefined => (id === undefined ? undefined : { kind, id, site })
    if (kind === 'order') return named.number === undefined ? numbers.get(orderIn(named)) : at(named.number)
    if (kind === 'item') return at(named.item === undefined ? undefined : skus.get(named.item)?.sku)
    if (kind === 'user') return named.name === undefined ? undefined : { kind, id: named.name, site: null }
    if (kind === 'key') return { kind, id: String(named.id), site: null }
    return at(named.id === undefined ? undefined : String(named.id))
  }
  return new Map(
    about.flatMap((one) => {
      const document = audited(one)
      return document === undefined ? [] : [[one.row, document] as const]
    }),
  )
}

/** Commands between sites name the order as such, all others as what they are about. */
const orderIn = ({ id, order: named }: Named): string => named ?? String(id)

/** Almost every order is the site's that did something with it; only those that are not are looked for at all the others. */
async function numbersOf(
  database: Database,
  sites: readonly SiteId[],
  orders: readonly { readonly site: SiteId; readonly order: string }[],
): Promise<ReadonlyMap<string, Audited>> {
  const numbersAt = async (pairs: Statement, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, Audited>> => {
    if (ids.size === 0) return new Map()
    const rows = await database.query<{ id: string; site: string; number: number }>(sql`
      select o.order_id as id, s.code as site, o.number
      from ${pairs} t (site_id, order_id) -- every site: of those that the caller may see
      join orders o on o.site_id = t.site_id and o.order_id = t.order_id
      join site s on s.site_id = o.site_id`)
    return new Map(rows.map(({ id, site, number }) => [id, { kind: 'order', id: `${site}-${number}`, site }]))
  }
  const ids = new Set(orders.map((one) => one.order))
  const own = await numbersAt(sql`unnest(${orders.map((one) => one.site)}::int[], ${orders.map((one) => one.order)}::uuid[])`, ids)
  const others = ids.difference(new Set(own.keys()))
  const elsewhere = await numbersAt(sql`(select * from unnest(${sites}::int[]) i cross join unnest(${[...others]}::uuid[]) o)`, others)
  return new Map([...own, ...elsewhere])
}
