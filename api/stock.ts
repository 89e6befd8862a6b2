// Stock: what comes in, what changes, what is lost and counted, and what is there.

import { z } from 'zod'
import { conditions } from '../core/move.ts'
import { lossCauses } from '../core/place.ts'
import { endpoint } from './endpoint.ts'
import { amount, code, countedQuantity, cursor, day, instantText, limit, LINES_MAX, lot, page, quantity, siteCode, text } from './fields.ts'

const done = z.object({ id: z.string() }).loose()
const place = code.meta({ description: 'The code of a place of the site, e.g. SHELF' })
const condition = z.enum(conditions)
const pieces = { sku: code, quantity, place: place.default('SHELF'), lot: lot.default(''), serial: lot.default('') }
const lines = <Line extends z.ZodType>(line: Line) => z.array(line).min(1).max(LINES_MAX)
const ofSite = z.object({ site: siteCode, sku: code.optional(), cursor, limit })
const rows = page(z.object({}).loose())

export const stockEndpoints = [
  endpoint({
    name: 'purchase', method: 'POST', path: '/api/purchases', summary: 'Announce supply from a supplier with the days it is due',
    roles: ['buyer', 'planner'], scope: 'site', writes: true,
    body: z.strictObject({ site: siteCode, supplier: code, orderedAt: instantText.optional(), lines: lines(z.strictObject({ sku: code, quantity, due: day })) }),
    output: done, status: 201,
  }),
  endpoint({
    name: 'receive', method: 'POST', path: '/api/receipts', summary: 'Receive goods from a supplier, for a purchase or without one',
    roles: ['warehouse', 'buyer'], scope: 'site', writes: true,
    body: z.strictObject({
      site: siteCode, purchase: z.uuid().optional(), receivedAt: instantText.optional(),
      lines: lines(
        z.strictObject({
          ...pieces, place: place.default('DOCK'), line: z.int().min(1).optional(), expiresOn: day.optional(),
          value: amount.optional().meta({ description: 'What all of the line is worth, minor units' }),
        }),
      ),
    }),
    output: done, status: 201,
  }),
  endpoint({
    name: 'transfer', method: 'POST', path: '/api/transfers', summary: 'Send free stock to another site',
    roles: ['warehouse', 'planner'], scope: 'site', writes: true,
    body: z.strictObject({ site: siteCode, to: siteCode, sentAt: instantText.optional(), lines: lines(z.strictObject({ sku: code, quantity })) }),
    output: done, status: 201,
  }),
  endpoint({
    name: 'lose', method: 'POST', path: '/api/losses', summary: 'Record goods that are gone, with the cause',
    roles: ['warehouse', 'till'], scope: 'site', writes: true,
    body: z.strictObject({
      site: siteCode, ...pieces, condition: condition.default('sellable'), cause: z.enum(lossCauses), note: text().default(''), lostAt: instantText.optional(),
    }),
    output: done, status: 201,
  }),
  endpoint({
    name: 'count', method: 'POST', path: '/api/counts', summary: 'Record what was found at a place; the difference becomes a move',
    roles: ['warehouse'], scope: 'site', writes: true,
    body: z.strictObject({
      site: siteCode, sku: code, counted: countedQuantity, place: place.default('SHELF'), lot: lot.default(''), serial: lot.default(''),
      condition: condition.default('sellable'), countedAt: instantText.optional(),
    }),
    output: done, status: 201,
  }),
  endpoint({
    name: 'changeCondition', method: 'POST', path: '/api/condition-changes', summary: 'Release, quarantine, demote or move goods within the site',
    roles: ['warehouse'], scope: 'site', writes: true,
    body: z.strictObject({ site: siteCode, ...pieces, toPlace: place.optional(), from: condition, to: condition, changedAt: instantText.optional() }),
    output: done, status: 201,
  }),
  endpoint({
    name: 'askPromise', method: 'POST', path: '/api/promises', summary: 'Ask when a quantity could be had; nothing is held',
    roles: 'everyone', scope: 'site', writes: false, body: z.strictObject({ site: siteCode, sku: code, quantity, requested: day.optional() }),
    output: z.object({ held: z.int(), promised: z.string().nullable(), reason: z.string() }), status: 200,
  }),
  endpoint({
    name: 'listStock', method: 'GET', path: '/api/stock', summary: 'Recorded stock of a site by item, place, lot, serial and condition',
    roles: 'everyone', scope: 'site', writes: false, query: ofSite, output: rows, status: 200,
  }),
  endpoint({
    name: 'listAvailability', method: 'GET', path: '/api/availability', summary: 'What can be promised at a site, by item',
    roles: 'everyone', scope: 'site', writes: false, query: ofSite, output: rows, status: 200,
  }),
  endpoint({
    name: 'listMoves', method: 'GET', path: '/api/moves', summary: 'The ledger of a site in its order',
    roles: 'everyone', scope: 'site', writes: false, query: ofSite, output: rows, status: 200,
  }),
  endpoint({
    name: 'listExceptions', method: 'GET', path: '/api/exceptions', summary: 'What a person must look at, oldest first',
    roles: 'everyone', scope: 'site', writes: false, query: z.object({ site: siteCode, cursor, limit }), output: rows, status: 200,
  }),
] as const
