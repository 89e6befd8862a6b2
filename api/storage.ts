// Storage: goods go to their bins, are picked in the order of a walk, and are packed.

import { z } from 'zod'
import { conditions } from '../core/move.ts'
import { endpoint } from './endpoint.ts'
import type { OrderAction } from '../core/order.ts'
import { pickStages } from '../core/pick-stage.ts'
import {
  atSite,
  code,
  cursor,
  done,
  instantText,
  limit,
  lot,
  number,
  page,
  piecesOfLines,
  quantity,
  siteCode,
  sscc,
  toldDay,
  toldInstant,
  weight,
} from './fields.ts'

const place = code.meta({ description: 'The code of a place of the site, e.g. 6-A-12' })
const goods = {
  site: siteCode,
  sku: code,
  quantity,
  lot: lot.default(''),
  serial: lot.default(''),
  condition: z.enum(conditions).default('sellable'),
}
const pickRow = z
  .object({
    order: z.string().nullable(),
    line: z.int(),
    sku: z.string(),
    name: z.string(),
    place: z.string(),
    aisle: z.int().nullable(),
    rack: z.int().nullable(),
    level: z.int().nullable(),
    lot: z.string(),
    serial: z.string(),
    package: z.string(),
    expiresOn: toldDay.nullable(),
    quantity: z.int(),
  })
  .loose()
/** How much of an order's goods is where between their bins and the door. */
const progress = {
  toPick: z.int().meta({ description: 'Set aside, and still in its bin' }),
  loose: z.int().meta({ description: 'Picked, and in no package' }),
  packed: z.int(),
}

export const storageEndpoints = [
  endpoint({
    name: 'putAway',
    method: 'POST',
    path: '/api/putaways',
    summary: 'Put goods from the dock into their bin; without one where the item stands already, or into an empty bin',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({ ...goods, from: place.default('DOCK'), to: place.optional(), movedAt: instantText.optional() }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'relocate',
    method: 'POST',
    path: '/api/relocations',
    summary: 'Move goods from one place of the site to another; what is set aside of them goes along',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({ ...goods, from: place, to: place, movedAt: instantText.optional() }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'suggestBin',
    method: 'GET',
    path: '/api/bin-suggestions',
    summary: 'The bin that an item goes to: where it stands already, else the nearest that is empty',
    roles: ['warehouse'],
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, sku: code }),
    output: z.object({ place: z.string(), reason: z.enum(['same_item', 'empty']) }),
    status: 200,
  }),
  endpoint({
    name: 'listPicks',
    method: 'GET',
    path: '/api/picks',
    summary: 'What is to be picked at a site, as one walks',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, cursor, limit }),
    output: page(pickRow),
    status: 200,
  }),
  endpoint({
    name: 'listPickLists',
    method: 'GET',
    path: '/api/pick-lists',
    summary: 'Orders that are being picked, packed or made ready to ship at a site, oldest first, whichever site took them',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode, stage: z.enum(pickStages).optional(), cursor, limit }),
    output: page(
      z
        .object({
          order: z.string(),
          customer: z.string(),
          due: toldDay,
          priority: z.int(),
          lines: z.int(),
          first: z.string().nullable().meta({ description: 'The place where its walk begins' }),
          ...progress,
        })
        .loose(),
    ),
    status: 200,
  }),
  endpoint({
    name: 'listOrderPicks',
    method: 'GET',
    path: '/api/orders/{number}/picks',
    summary: 'What is to be picked for an order, as one walks, and what of it is picked and packed already',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    params: number,
    query: z.object({ site: atSite }),
    output: z.object({
      order: z.string(),
      site: z.string(),
      can: z.array(z.enum(['pick', 'pack', 'unpack', 'ship'] satisfies OrderAction[])),
      waiting: z.int().meta({ description: 'What still waits for stock' }),
      ...progress,
      rows: z.array(pickRow),
      packages: z.array(z.object({ sscc: z.string(), packedAt: toldInstant, weight: z.int().nullable(), quantity: z.int() })),
    }),
    status: 200,
  }),
  endpoint({
    name: 'packOrder',
    method: 'POST',
    path: '/api/orders/{number}/packages',
    summary: 'Put picked goods of an order into a package; without lines, all that are in none',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({
      site: atSite,
      carton: weight.default(0).meta({ description: 'Milligrams of the empty carton' }),
      weighed: weight.min(1).optional().meta({ description: 'Milligrams as the scale says, carton and all; without it computed from the items' }),
      packedAt: instantText.optional(),
      lines: piecesOfLines.optional(),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'unpackOrder',
    method: 'POST',
    path: '/api/orders/{number}/unpacking',
    summary: 'Open a package: its goods stand beside it again',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    params: number,
    body: z.strictObject({ site: atSite, package: sscc, unpackedAt: instantText.optional() }),
    output: done,
    status: 200,
  }),
] as const
