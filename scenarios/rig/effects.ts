// Effects: holds what clients were told against what the database kept. What was acknowledged must be there as it was acknowledged (else
// lost); every order, sale, transfer, receipt, shipment, purchase and work order belongs to exactly one key (else doubled); and each is whole (else half).
//
// Clients name their keys `<kind>-...`, so that an effect nobody was told of can still be told apart from one that nobody asked for.

import { sql, type Database } from '../../server/db.ts'

export type Kind = 'order' | 'sale' | 'transfer' | 'receipt' | 'shipment' | 'purchase' | 'work' | 'request'
const kinds: readonly string[] = ['order', 'sale', 'transfer', 'receipt', 'shipment', 'purchase', 'work', 'request'] satisfies Kind[]

/** What a client was told with 2xx. */
export interface Acknowledged {
  readonly key: string
  readonly status: number
  readonly text: string
  readonly body: { readonly to?: string; readonly lines?: readonly { readonly sku: string; readonly quantity: number }[] }
}

export interface Effects {
  readonly acknowledged: number
  readonly lost: number
  readonly doubled: number
  readonly halves: number
  /** The first of each fault, in words. */
  readonly found: readonly string[]
}

interface Keyed {
  readonly key: string
  readonly status: number
  readonly answer: string
}

/** A document as the database has it. */
interface Document {
  readonly kind: Kind
  readonly id: string
  /** `sku quantity`, sorted, one for each line. */
  readonly lines: readonly string[]
  /** For transfers, the same as it arrived; for those that are asked for, as the other site planned it. */
  readonly arrived: readonly string[]
}

/** The messages of all sites must have been delivered. */
export async function auditEffects(database: Database, acknowledged: readonly Acknowledged[]): Promise<Effects> {
  const keys = await keysOf(database)
  const documents = new Map((await documentsOf(database)).map((one) => [`${one.kind} ${one.id}`, one]))
  const found: string[] = []
  const note = (faults: readonly string[]): number => {
    found.push(...faults.slice(0, 3))
    return faults.length
  }
  const byKey = new Map(keys.map((row) => [row.key, row]))
  const lost = note(acknowledged.flatMap((one) => lostOf(one, byKey.get(one.key))))
  const named = new Map<string, string>()
  const twice: string[] = []
  for (const { key, status, answer } of keys) {
    for (const name of status < 300 ? documentNames(key, answer) : []) {
      if (named.has(name)) twice.push(`Keys ${named.get(name)} and ${key} both name ${name}.`)
      named.set(name, key)
    }
  }
  const doubled = note([...twice, ...[...documents.keys()].filter((name) => !named.has(name)).map((name) => `No key knows of ${name}.`)])
  const halves = note([
    ...[...named].filter(([name]) => !documents.has(name)).map(([name, key]) => `Key ${key} was answered with ${name}, which is not there.`),
    ...acknowledged.flatMap((one) => differenceOf(one, documents.get(documentNames(one.key, one.text)[0] ?? ''))),
    ...[...documents.values()].flatMap(halfOf),
    ...(await holdsWithoutOrder(database)),
  ])
  return { acknowledged: acknowledged.length, lost, doubled, halves, found }
}

const lostOf = ({ key, status, text }: Acknowledged, kept: Keyed | undefined): string[] => {
  if (kept === undefined) return [`${key} was acknowledged with ${status}, and its key is not there.`]
  return kept.status === status && kept.answer === text ? [] : [`${key} was told ${status} ${text}, and kept is ${kept.status} ${kept.answer}.`]
}

/** Which documents an answer names; covering makes as many as it needs. */
function documentNames(key: string, answer: string): readonly string[] {
  const kind = key.slice(0, key.indexOf('-'))
  if (kind === 'cover') {
    const made = JSON.parse(answer) as Record<'purchases' | 'workOrders' | 'transfers', readonly { id: string }[]>
    const named = (what: Kind, documents: readonly { id: string }[]): string[] => documents.map((one) => `${what} ${one.id}`)
    return [...named('purchase', made.purchases), ...named('work', made.workOrders), ...named('request', made.transfers)]
  }
  if (!kinds.includes(kind)) return []
  const { id, shipment } = JSON.parse(answer) as { id: string; shipment?: string }
  return [`${kind} ${shipment ?? id}`]
}

function differenceOf({ key, body }: Acknowledged, document: Document | undefined): string[] {
  if (document === undefined || body.lines === undefined || document.kind === 'shipment') return []
  const asked = body.lines.map((line) => `${line.sku} ${line.quantity}`).toSorted()
  return String(asked) === String(document.lines)
    ? []
    : [`${key} asked for ${String(asked)}, and ${document.kind} ${document.id} has ${String(document.lines)}.`]
}

function halfOf({ kind, id, lines, arrived }: Document): string[] {
  if (lines.length === 0) return [`${kind} ${id} has no lines.`]
  if (String(lines) === String(arrived) || (kind !== 'transfer' && kind !== 'request')) return []
  return kind === 'transfer'
    ? [`Transfer ${id} sent ${String(lines)}, and ${String(arrived)} arrived.`]
    : [`Transfer ${id} asked for ${String(lines)}, and ${String(arrived)} are planned where it was asked.`]
}

const keysOf = (database: Database): Promise<Keyed[]> =>
  database.query<Keyed>(sql`
    select key, status, answer from idempotency_key -- every site: the audit of a rig
    where caller like 'key:%'`)

const documentsOf = (database: Database): Promise<Document[]> =>
  database.query<Document>(sql`
    -- every site: the audit of a rig
    with part as (
      select case o.kind when 'sale' then 'sale' else 'order' end as kind, o.order_id as id, l.item_id, l.line, l.quantity, 'sent' as side
      from orders o left join order_line l on l.site_id = o.site_id and l.order_id = o.order_id
      union all
      select case m.cause when 'receipt' then 'receipt' else 'transfer' end, m.document_id, m.item_id, m.line, sum(m.quantity)::bigint,
        case m.cause when 'transfer_in' then 'arrived' else 'sent' end
      from move m
      where m.cause in ('receipt', 'transfer_out', 'transfer_in')
        and not exists (select from purchase p where p.site_id = m.site_id and p.purchase_id = m.document_id)
        and not exists (select from outbox o where o.type = 'transfer.requested' and o.subject = m.document_id::text)
      group by m.cause, m.document_id, m.item_id, m.line
      union all
      select 'request', p.document_id, p.item_id, p.line, p.planned, case p.direction when 'supply' then 'sent' else 'arrived' end
      from outbox o
      join planned_move p on p.site_id in (o.site_id, o.to_site_id) and p.document_id = o.subject::uuid and p.kind in ('transfer_in', 'transfer_out')
      where o.type = 'transfer.requested'
      union all
      select 'shipment', s.shipment_id, 0, l.line, l.quantity, 'sent'
      from shipment s left join shipment_line l on l.site_id = s.site_id and l.shipment_id = s.shipment_id
      union all
      select 'purchase', p.purchase_id, l.item_id, l.line, l.quantity, 'sent'
      from purchase p left join purchase_line l on l.site_id = p.site_id and l.purchase_id = p.purchase_id
      union all
      select 'work', w.work_order_id, case when c.line is not null then w.item_id end, c.line, w.quantity, 'sent'
      from work_order w left join work_component c on c.site_id = w.site_id and c.work_order_id = w.work_order_id
    )
    select p.kind, p.id::text as id,
      coalesce(array_agg(p.said order by p.said collate "C") filter (where p.side = 'sent' and p.said is not null), '{}') as lines,
      coalesce(array_agg(p.said order by p.said collate "C") filter (where p.side = 'arrived'), '{}') as arrived
    from (select part.*, concat(i.sku, ' ') || quantity as said from part left join item i on i.item_id = part.item_id) p
    group by p.kind, p.id`)

/** Holds that are confirmed or have no end, for an order that is not there; and open ones whose time is over. */
async function holdsWithoutOrder(database: Database): Promise<string[]> {
  const rows = await database.query<{ document: string }>(sql`
    -- every site: the audit of a rig
    select p.document_id::text as document from planned_move p
    left join orders o on o.site_id = p.home_site_id and o.order_id = p.document_id
    where p.kind = 'order' and o.order_id is null and p.hold_expires_at is null and p.planned - p.posted - p.cancelled > 0`)
  return rows.map(({ document }) => `${document} is held for, and there is no such order.`)
}
