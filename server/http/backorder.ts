// Backorders over HTTP: classes of customers, and what is held of an item given out anew, first to be looked at and then to be done.

import type { BackorderClass } from '../../core/backorder-class.ts'
import type { Reallocated } from '../../core/flow/reserve-strategy.ts'
import type { PartyId } from '../../core/item.ts'
import { isRefusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { commandToReallocate } from '../flow/reserve-strategy.ts'
import { rehearse } from '../lane/rehearse.ts'
import { itemOf, partyOf, siteOf, toControl, type Readers, type Writers } from './call.ts'

export const backorderWriters = {
  setBackorderClasses: async (call) => {
    const classes: (BackorderClass & { readonly customers: readonly PartyId[] })[] = []
    for (const [index, { customers: codes, ...one }] of call.body.classes.entries()) {
      const customers: PartyId[] = []
      for (const [at, code] of codes.entries()) {
        const customer = await partyOf(call, code, 'customer', `classes/${index + 1}/customers/${at + 1}`)
        if (isRefusal(customer)) return customer
        customers.push(customer.party)
      }
      classes.push({ ...one, customers })
    }
    return toControl({ kind: 'setBackorderClasses', classes })
  },
  reallocate: async (call) => {
    const site = await siteOf(call, call.body.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.body.sku)
    if (isRefusal(item)) return item
    return { site: site.site, command: await commandToReallocate(call.context.database, site.site, item.item) }
  },
} satisfies Partial<Writers>

export const backorderReaders = {
  listBackorderClasses: async (call) => {
    const rows = await call.context.database.query<BackorderClass & { readonly customers: number }>(sql`
      select b.code, b.name, b.strategy, count(c.customer_id) as customers
      from backorder_class b left join customer_backorder_class c on c.class_code = b.code
      group by b.code, b.name, b.strategy order by b.code`)
    return { rows, next: null }
  },
  /** The very decision that giving out would take, on one snapshot; nothing is written. */
  rehearseReallocation: async (call) => {
    const { database } = call.context
    const site = await siteOf(call, call.query.site)
    if (isRefusal(site)) return site
    const item = await itemOf(call, call.query.sku)
    if (isRefusal(item)) return item
    const command = await commandToReallocate(database, site.site, item.item)
    const session = await database.session()
    let broken = true
    try {
      const { body } = await rehearse(session, site.site, command, call.principal.actor, call.context)
      broken = false
      const { lines } = JSON.parse(body) as { readonly lines: readonly Reallocated[] }
      const numbers = await database.query<{ readonly order: string; readonly number: number }>(sql`
        select order_id as "order", number from orders
        where site_id = ${site.site} and order_id = any(${lines.map((line) => line.order)}::uuid[])`)
      const numberOf = new Map(numbers.map((one) => [one.order, `${site.code}-${one.number}`]))
      return { lines: lines.map((line) => ({ ...line, order: numberOf.get(line.order) ?? line.order })) }
    } finally {
      session.release(broken)
    }
  },
} satisfies Partial<Readers>
