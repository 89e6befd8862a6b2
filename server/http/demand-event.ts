// Demand events over HTTP: what people know of days beforehand. A person who sees some sites only speaks of these.

import { parseDay, type Day } from '../../core/calendar.ts'
import type { NamedEvent } from '../../core/loop/forecast-event.ts'
import type { DemandEvent } from '../../core/planning.ts'
import { isRefusal, refuse } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { eventColumns } from '../lane/planning.ts'
import { namesOf } from './audit.ts'
import { itemOf, siteOf, toControl, told, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

export const demandEventWriters = {
  createDemandEvents: async (call) => {
    const events: NamedEvent[] = []
    for (const [index, { kind, name, from, to, site: code, sku, category }] of call.body.events.entries()) {
      const at = (field: string): string => `events/${index + 1}/${field}`
      const site = code === null ? null : await siteOf(call, code, at('site'))
      if (site !== null && isRefusal(site)) return site
      const item = sku === null ? null : await itemOf(call, sku, at('sku'))
      if (item !== null && isRefusal(item)) return item
      const days = { from: from as Day, to: to as Day }
      events.push({
        event: call.context.newId(),
        kind,
        name,
        ...days,
        site: site?.site ?? null,
        siteCode: code,
        item: item?.item ?? null,
        sku,
        category,
      })
    }
    const missing = await call.context.database.query<{ category: string }>(sql`
      select c.category from unnest(${events.flatMap(({ category }) => category ?? [])}::text[]) c (category)
      where not exists (select from item i where i.category = c.category) limit 1`)
    if (missing.length > 0) {
      const at = events.findIndex(({ category }) => category === missing[0]!.category)
      return refuse('item_not_known', `events/${at + 1}/category`, `No item has the category ${missing[0]!.category}.`)
    }
    return toControl({ kind: 'createDemandEvents', events })
  },
  undoDemandEvent: async ({ params }) => toControl({ kind: 'undoDemandEvent', event: params.id }),
} satisfies Partial<Writers>

export const demandEventReaders = {
  listDemandEvents: async (call) => {
    const { site: code, name = null, cursor, limit } = call.query
    const site = code === undefined ? undefined : await siteOf(call, code)
    if (site !== undefined && isRefusal(site)) return site
    const after = keyIn(cursor, ['string', 'uuid'])
    if (after !== undefined && isRefusal(after)) return after
    if (after !== undefined && parseDay(String(after[0])) === undefined) return keyIn('', [])!
    const { database } = call.context
    const rows = await database.query<DemandEvent & { id: string; site: string | null; sku: string | null }>(sql`
      select e.event as id, e.kind, e.name, e."from", e."to", s.code as site, i.sku, e.category, e.maker, e."madeAt"
      from (select ${eventColumns} from demand_event) e
      left join site s on s.site_id = e.site left join item i on i.item_id = e.item
      where e."undoneAt" is null and (${site?.site ?? null}::int is null or e.site is null or e.site = ${site?.site ?? null})
        and (${name}::text is null or lower(e.name) = lower(${name}))
        and (e."from", e.event) < (${after?.[0] ?? LAST_DAY}::date, ${after?.[1] ?? LAST_ID}::uuid)
      order by e."from" desc, e.event desc limit ${limit + 1}`)
    const names = await namesOf(
      database,
      rows.map(({ maker: actor }) => ({ actor })),
    )
    return pageOf(
      rows,
      limit,
      (row) => [row.from, row.id],
      (row) => told({ ...row, maker: names.get(row.maker) ?? row.maker }, ['madeAt']),
    )
  },
} satisfies Partial<Readers>

const LAST_DAY = '9999-12-31'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
