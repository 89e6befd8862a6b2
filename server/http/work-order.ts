// Work orders over HTTP: bills, what is made, and what is short and would be bought or made.

import { addDays, type Day, type Instant } from '../../core/calendar.ts'
import { tagOfLine, type BillLine } from '../../core/bill.ts'
import type { CoverAnswer } from '../../core/flow/cover.ts'
import type { Site } from '../../core/party.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { workOrderCan, workOrderState } from '../../core/work-order.ts'
import { sql, type Statement } from '../db.ts'
import { billsOf, commandToCover } from '../flow/cover.ts'
import { rehearse } from '../lane/rehearse.ts'
import { instantOf, itemOf, placeOf, siteOf, toControl, todayOf, told, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'
import { aboutDocument, newestFirst } from './purchase.ts'

export const workOrderWriters = {
  setBills: async (call) => {
    const asked = call.body.lines
    const known = await call.context.catalog.itemsBySku(asked.flatMap((line) => [line.parent, line.component]))
    const lines: BillLine[] = []
    for (const [index, line] of asked.entries()) {
      for (const name of ['parent', 'component'] as const) {
        if (!known.has(line[name])) return refuse('item_not_known', `lines/${index + 1}/${name}`, `There is no item ${line[name]}.`)
      }
      const { validFrom, validTo = null, scrapPerMillion } = line
      if (validTo !== null && validTo < validFrom) return refuse('date_not_valid', `lines/${index + 1}/validTo`, 'It ends before it begins.')
      lines.push({
        parent: known.get(line.parent)!.item,
        component: known.get(line.component)!.item,
        quantity: quantity(line.quantity),
        batch: quantity(line.batch),
        scrapPerMillion,
        validFrom: validFrom as Day,
        validTo: validTo as Day | null,
      })
    }
    return toControl({ kind: 'setBills', lines, ifMatch: asked.map((line) => line.ifMatch ?? null) })
  },
  produce: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.body.sku)
    if (isRefusal(item)) return item
    const today = todayOf(call)
    const components = (await billsOf(call.context.database, [item.item], today)).get(item.item) ?? []
    const { makeDays } = item
    const due = (call.body.due as Day | undefined) ?? addDays(today, makeDays)
    return {
      site: site.site,
      command: {
        kind: 'produce',
        workOrder: call.context.newId(),
        item: item.item,
        quantity: quantity(call.body.quantity),
        makeDays,
        due,
        components,
      },
    }
  },
  releaseWorkOrder: (call) => aboutDocument(call, (workOrder) => ({ kind: 'releaseWorkOrder', workOrder })),
  issueComponents: (call) =>
    aboutDocument(call, (workOrder) => ({ kind: 'issueComponents', workOrder, issuedAt: instantOf(call, call.body.issuedAt) })),
  recordOutput: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const { place: code, quantity: good, scrapped, lot, serial, expiresOn = null, madeAt } = call.body
    const place = await placeOf(call, site.site, code, 'place')
    if (isRefusal(place)) return place
    return {
      site: site.site,
      command: {
        kind: 'recordOutput',
        workOrder: call.params.id,
        quantity: quantity(good),
        ...(scrapped > 0 && { scrapped: quantity(scrapped) }),
        place,
        lot,
        serial,
        expiresOn: expiresOn as Day | null,
        madeAt: instantOf(call, madeAt),
      },
    }
  },
  redateWorkOrder: (call) => aboutDocument(call, (workOrder) => ({ kind: 'redateWorkOrder', workOrder, due: call.body.due as Day })),
  cancelWorkOrder: (call) => aboutDocument(call, (workOrder) => ({ kind: 'cancelWorkOrder', workOrder })),
  coverShortages: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    return { site: site.site, command: await commandToCover(call.context.database, site, todayOf(call)) }
  },
} satisfies Partial<Writers>

interface WorkOrderRow {
  readonly id: string
  readonly recordedAt: Instant
  readonly status: 'proposed' | 'firm' | 'released'
  readonly planned: number
  readonly posted: number
  readonly cancelled: number
}

const workOrdersWhere = (condition: Statement): Statement => sql`
  select o.work_order_id as id, i.sku, i.name, o.quantity, o.make_days as "makeDays", o.due_on as due, m.due_on as expected, o.recorded_at as "recordedAt",
    m.status, m.planned, m.posted, m.cancelled, m.pegged
  from work_order o join item i on i.item_id = o.item_id
  join planned_move m on m.site_id = o.site_id and m.document_id = o.work_order_id and m.kind = 'output'
  where ${condition}`

const tellWorkOrder = (site: Site, { status, planned, posted, cancelled, ...row }: WorkOrderRow): object => {
  const state = workOrderState({ status, planned: quantity(planned), posted: quantity(posted), cancelled: quantity(cancelled) })
  return { ...told(row, ['recordedAt']), site: site.code, state, can: workOrderCan[state], made: posted, cancelled }
}

export const workOrderReaders = {
  listBills: async (call) => {
    const { sku = null, cursor, limit } = call.query as { sku?: string; cursor?: string; limit: number }
    const after = keyIn(cursor, ['number', 'number', 'string'])
    if (after !== undefined && isRefusal(after)) return after
    const [parent, component, from] = after ?? [0, 0, '0001-01-01']
    if (!/^\d{4}-\d\d-\d\d$/.test(String(from)))
      return refuse('cursor_not_valid', 'cursor', 'This cursor was not made by this list; begin again without one.')
    const rows = await call.context.database.query<BillLine & { parentId: number; componentId: number }>(sql`
      select p.sku as parent, c.sku as component, b.quantity, b.batch, b.scrap_per_million as "scrapPerMillion", b.valid_from as "validFrom",
        b.valid_to as "validTo", b.parent_id as "parentId", b.component_id as "componentId"
      from bill_line b join item p on p.item_id = b.parent_id join item c on c.item_id = b.component_id
      where (${sku}::text is null or b.parent_id = (select item_id from item where sku = ${sku}))
        and (b.parent_id, b.component_id, b.valid_from) > (${parent}::int, ${component}::int, ${from}::date)
      order by b.parent_id, b.component_id, b.valid_from limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.parentId, row.componentId, row.validFrom],
      ({ parentId: _parent, componentId: _component, ...row }) => ({ ...row, tag: tagOfLine(row) }),
    )
  },
  listWorkOrders: (call) =>
    newestFirst<WorkOrderRow>(
      call,
      ({ site, at, id, limit }) =>
        workOrdersWhere(sql`o.site_id = ${site.site} and (o.recorded_at, o.work_order_id) < (${at}::timestamptz, ${id}::uuid)
          order by o.recorded_at desc, o.work_order_id desc limit ${limit}`),
      tellWorkOrder,
    ),
  getWorkOrder: async (call) => {
    const { id } = call.params
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const [[row], components] = await Promise.all([
      database.query<WorkOrderRow>(workOrdersWhere(sql`o.site_id = ${site.site} and o.work_order_id = ${id}`)),
      database.query(sql`
        select c.line, i.sku, i.name, m.planned, m.posted as issued, m.cancelled, m.held, m.pegged, c.used, c.returned, c.issued_minor as "issuedValue",
          c.issued_minor - c.used_minor - c.returned_minor as "valueInProduction"
        from work_component c
        join planned_move m on m.site_id = c.site_id and m.document_id = c.work_order_id and m.line = c.line
        join item i on i.item_id = m.item_id
        where c.site_id = ${site.site} and c.work_order_id = ${id} order by c.line`),
    ])
    return row === undefined ? refuse('work_order_not_known', 'id', 'The site has no such work order.') : { ...tellWorkOrder(site, row), components }
  },
  /** The very decision that covering would take, on one snapshot; nothing is written. */
  listShortages: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const { database } = call.context
    const command = await commandToCover(database, site, todayOf(call))
    const session = await database.session()
    let broken = true
    try {
      const { body } = await rehearse(session, site.site, command, call.principal.actor, call.context)
      broken = false
      const { purchases, workOrders, transfers, ...answer } = JSON.parse(body) as CoverAnswer
      return {
        ...answer,
        purchases: purchases.map(({ id: _id, ...purchase }) => purchase),
        workOrders: workOrders.map(({ id: _id, ...workOrder }) => workOrder),
        transfers: transfers.map(({ id: _id, ...transfer }) => transfer),
      }
    } finally {
      session.release(broken)
    }
  },
} satisfies Partial<Readers>
