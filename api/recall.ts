// Lots followed over all sites, and recalled: where one came from, where it is, who has it, and what is held back of it.

import { z } from 'zod'
import { conditions } from '../core/move.ts'
import { endpoint } from './endpoint.ts'
import { code, cursor, done, limit, lot, page, text, toldDay, toldInstant } from './fields.ts'

/** One of the two: which, the item's tracking says. */
const label = { lot: lot.default(''), serial: lot.default('') }
const ofLot = z.int().meta({ description: 'Which of `lots`, from 0' })

const tracedLot = z.object({
  sku: z.string(),
  name: z.string(),
  lot: z.string(),
  serial: z.string().meta({ description: 'Neither lot nor serial: the item is not told apart, and the trace ends here' }),
  level: z.int().meta({ description: '0 is the one that was asked about; below are those that went into it, above those made of it' }),
  expiresOn: toldDay.nullable(),
  recalled: z.boolean(),
})

const traced = z.object({
  lots: z.array(tracedLot),
  links: z.array(z.object({ from: ofLot, into: ofLot, site: z.string(), workOrder: z.string(), quantity: z.int() })),
  received: z.array(
    z.object({
      lot: ofLot,
      site: z.string(),
      cause: z.string().meta({ description: '`receipt`, `rejection`, `opening` or `count`' }),
      document: z.string(),
      isPurchase: z.boolean(),
      supplier: z.string().nullable(),
      supplierName: z.string().nullable(),
      quantity: z.int(),
      at: toldInstant,
    }),
  ),
  standing: z.array(
    z.object({ lot: ofLot, site: z.string(), place: z.string(), condition: z.enum(conditions), quantity: z.int(), allocated: z.int() }),
  ),
  underWay: z.array(z.object({ lot: ofLot, transfer: z.string(), from: z.string(), to: z.string() })),
  inProduction: z.array(z.object({ lot: ofLot, site: z.string(), workOrder: z.string(), sku: z.string() })).meta({
    description: 'Work orders that are not finished and have some of the lot in them',
  }),
  customers: z.array(
    z.object({
      lot: ofLot,
      site: z.string().meta({ description: 'Where it was handed over or shipped' }),
      order: z.string().nullable(),
      line: z.int(),
      customer: z.string().nullable(),
      customerName: z.string().nullable(),
      quantity: z.int().meta({ description: 'What left, less what came back' }),
      at: toldInstant,
    }),
  ),
  gone: z.array(z.object({ lot: ofLot, site: z.string(), cause: z.string(), quantity: z.int(), at: toldInstant })),
  recall: z.object({ id: z.string(), reason: z.string(), recalledAt: toldInstant }).nullable(),
  unseenSites: z.int().meta({ description: 'Sites that had some of it and that the caller may not see; nothing of them is told' }),
  complete: z.boolean().meta({ description: 'False where the family is larger than one answer' }),
})

const recallRow = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  lot: z.string(),
  serial: z.string(),
  reason: z.string(),
  sites: z.array(z.string()).meta({ description: 'The sites that were told, of those that the caller may see' }),
  recalledAt: toldInstant,
  liftedAt: toldInstant.nullable(),
})

const goods = z.object({ site: z.string(), sku: z.string(), name: z.string(), lot: z.string(), serial: z.string(), quantity: z.int() })
const rehearsed = z.object({
  held: z.array(goods).meta({ description: 'What can be sold now and could not any more' }),
  shorted: z.array(
    z.object({
      site: z.string(),
      order: z.string().nullable().meta({ description: 'Its number; null where what waits is no order of the site, such as a work order' }),
      customerName: z.string().nullable(),
      line: z.int(),
      sku: z.string(),
      quantity: z.int(),
    }),
  ),
  workOrders: z.int().meta({ description: 'Open ones whose output would be held' }),
})

const reason = text(500).min(1).meta({ description: 'Why, for those who must act on it' })

export const recallEndpoints = [
  endpoint({
    name: 'traceLot',
    method: 'GET',
    path: '/api/items/{sku}/trace',
    summary: 'A lot or serial over all sites and levels: suppliers and components behind it, products, stock and customers before it',
    roles: ['sales', 'buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'none',
    writes: false,
    params: z.object({ sku: code }),
    query: z.object(label),
    output: traced,
    status: 200,
  }),
  endpoint({
    name: 'listRecalls',
    method: 'GET',
    path: '/api/recalls',
    summary: 'Recalls, newest first',
    roles: ['sales', 'buyer', 'planner', 'warehouse', 'auditor'],
    scope: 'none',
    writes: false,
    query: z.object({ cursor, limit }),
    output: page(recallRow),
    status: 200,
  }),
  endpoint({
    name: 'rehearseRecall',
    method: 'POST',
    path: '/api/recall-rehearsals',
    summary: 'What a recall would hold and whom it would hurt; nothing is held',
    roles: ['planner', 'warehouse'],
    scope: 'every',
    writes: false,
    body: z.strictObject({ sku: code, ...label }),
    output: rehearsed,
    status: 200,
  }),
  endpoint({
    name: 'recallLot',
    method: 'POST',
    path: '/api/recalls',
    summary: 'Recall a lot or serial and all that was made of it: every site holds what it has; again, to reach what came since',
    roles: ['planner', 'warehouse'],
    scope: 'every',
    writes: true,
    body: z.strictObject({ sku: code, ...label, reason }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'liftRecall',
    method: 'POST',
    path: '/api/recalls/{id}/lifting',
    summary: 'End a recall: what stands in quarantine may be released',
    roles: ['planner', 'warehouse'],
    scope: 'every',
    writes: true,
    params: z.object({ id: z.uuid() }),
    output: done,
    status: 200,
  }),
] as const
