// Credit over HTTP: what customers may owe a site, and what they have on credit there.

import { money } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { partyOf, siteOf, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

export const creditWriters = {
  setCreditLimit: async (call) => {
    const { limit, owed } = call.body
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const customer = await partyOf(call, call.body.customer, 'customer', 'customer')
    if (isRefusal(customer)) return customer
    return {
      site: site.site,
      command: {
        kind: 'setCredit',
        document: call.context.newId(),
        customer: customer.party,
        currency: await call.context.catalog.currencyOf(site.site),
        limit: limit === null ? null : money(limit),
        owed: owed === undefined ? undefined : money(owed),
      },
    }
  },
} satisfies Partial<Writers>

export const creditReaders = {
  listCreditLimits: async (call) => {
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const after = keyIn(call.query.cursor, ['number'])
    if (after !== undefined && isRefusal(after)) return after
    const rows = await call.context.database.query<{ id: number }>(sql`
      select a.customer_id as id, p.code as customer, p.name, a.currency, a.limit_minor as "limit", a.owed_minor as owed, a.open_minor as open,
        a.limit_minor - a.owed_minor - a.open_minor as left
      from credit_account a join party p on p.party_id = a.customer_id
      where a.site_id = ${site.site} and a.customer_id > ${Number(after?.[0] ?? 0)}
      order by a.customer_id limit ${call.query.limit + 1}`)
    return pageOf(
      rows,
      call.query.limit,
      (row) => [row.id],
      ({ id: _id, ...row }) => row,
    )
  },
} satisfies Partial<Readers>
