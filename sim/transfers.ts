// Transfers of the network, day by day: in the morning what has come is taken in at its dock, and what is held for another site leaves for it.

import { addDays, type Day } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { sql } from '../server/db.ts'
import { at, hours } from './hours.ts'
import type { Sites } from './network.ts'
import type { Step, Steps } from './steps.ts'

/** What is due is there. */
export async function takeArrivals(steps: Steps, day: Day): Promise<number> {
  const rows = await steps.opened.database.query<{ site: SiteId; transfer: string }>(sql`
    -- every site: a transfer of any of them may have come
    select a.site_id as site, a.transfer_id as transfer
    from arrival a
    left join planned_move p on p.site_id = a.site_id and p.document_id = a.transfer_id and p.line = a.line and p.part = 1
    where a.due_on <= ${day}::date
    group by a.site_id, a.transfer_id order by a.site_id, min(p.age), min(a.sent_at)`)
  return steps.send(
    rows.map(({ site, transfer }): Step => ({
      site,
      at: at(day, hours.receive),
      command: { kind: 'takeArrival', transfer, receivedAt: at(day, hours.receive) },
      note: undefined,
    })),
  )
}

/** What is held for another site leaves. */
export async function dispatchHeld(steps: Steps, sites: Sites, day: Day): Promise<number> {
  const rows = await steps.opened.database.query<{ site: SiteId; transfer: string; to: SiteId }>(sql`
    select site_id as site, document_id as transfer, home_site_id as "to"
    from planned_move
    where site_id = any(${[sites.plant, sites.distribution]}::int[]) and planned - posted - cancelled > 0 and kind = 'transfer_out' and held > 0
      and item_id > 0
    group by site_id, document_id, home_site_id order by site_id, min(age)`)
  return steps.send(
    rows.map(({ site, transfer, to }): Step => ({
      site,
      at: at(day, hours.ship),
      command: {
        kind: 'dispatchTransfer',
        transfer,
        sentAt: at(day, hours.ship),
        arrivesOn: addDays(day, sites.transferDays.get(to) ?? 0),
      },
      note: undefined,
    })),
  )
}
