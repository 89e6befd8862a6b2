// Master data, keys, the feed of events and the server's own health.

import { z } from 'zod'
import { methods } from '../core/item.ts'
import { roles } from '../core/principal.ts'
import { placeKinds, position_max, type PlaceKind } from '../core/place.ts'
import { endpoint } from './endpoint.ts'
import {
  amount,
  code,
  cursor,
  days_max,
  limit,
  LINES_MAX,
  name,
  ofCategory,
  page,
  search,
  siteCode,
  toldAmount,
  toldInstant,
  weight,
} from './fields.ts'

const done = z.object({}).loose()
const tracking = z.enum(['none', 'lot', 'serial'])
const partyKind = z.enum(['company', 'customer', 'supplier'])
const itemRow = z
  .object({
    sku: z.string(),
    name: z.string(),
    unit: z.string(),
    tracking,
    standardCost: toldAmount,
    listPrice: toldAmount,
    category: z.string().nullable(),
  })
  .loose()
const placeKind = z.enum(Object.keys(placeKinds) as [PlaceKind, ...PlaceKind[]])
const counted = (most: number) => z.int().min(1).max(most)
const position = z
  .strictObject({ aisle: counted(position_max.aisle), rack: counted(position_max.rack), level: counted(position_max.level) })
  .meta({ description: 'Aisle, how far along it, how far up; bins are walked up one aisle and down the next' })

/** To three decimals. */
const serviceLevel = z.number().min(0).max(0.999).nullable().meta({
  description:
    'The probability, by what is believed, with which what is promised from stock is to be there, to three decimals; 0: the record alone counts; null: as usual (0.9)',
})

export const masterEndpoints = [
  endpoint({
    name: 'listItems',
    method: 'GET',
    path: '/api/items',
    summary: 'Items by sku',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ sku: code.optional(), category: ofCategory, search, cursor, limit }),
    output: page(itemRow),
    status: 200,
  }),
  endpoint({
    name: 'createItems',
    method: 'POST',
    path: '/api/items',
    summary: 'Add items',
    roles: ['planner', 'buyer'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      items: z
        .array(
          z.strictObject({
            sku: code,
            name,
            unit: code.default('EA'),
            tracking: tracking.default('none'),
            standardCost: amount.default(0),
            listPrice: amount.default(0),
            weight: weight.nullable().default(null),
            source: z.enum(['buy', 'make']).default('buy').meta({ description: 'How it is had when it is short' }),
            valuation: z.enum(methods).default('average').meta({ description: 'How sites value it, until they decide otherwise' }),
            category: code.nullable().default(null).meta({ description: 'What it is a kind of' }),
            serviceLevel: serviceLevel.default(null),
            makeDays: z.int().min(0).max(days_max).default(0).meta({ description: 'How long making it takes once its components are there' }),
          }),
        )
        .min(1)
        .max(LINES_MAX),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'setItemSupply',
    method: 'POST',
    path: '/api/items/{sku}/supply',
    summary: 'Say whether an item is bought or made from now on, and how long making takes; what is planned already stays as it is',
    roles: ['planner', 'buyer'],
    scope: 'none',
    writes: true,
    params: z.object({ sku: code }),
    body: z.strictObject({ source: z.enum(['buy', 'make']), makeDays: z.int().min(0).max(days_max).default(0) }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'setItemCategory',
    method: 'POST',
    path: '/api/items/{sku}/category',
    summary: 'Say what an item is a kind of; also of the time before it is told by this category from now on',
    roles: ['planner', 'buyer'],
    scope: 'none',
    writes: true,
    params: z.object({ sku: code }),
    body: z.strictObject({ category: code.nullable() }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'setServiceLevel',
    method: 'POST',
    path: '/api/items/{sku}/service-level',
    summary: 'Say how surely what is promised of an item from stock is to be there; it counts for what is promised from now on',
    roles: ['planner'],
    scope: 'none',
    writes: true,
    params: z.object({ sku: code }),
    body: z.strictObject({ serviceLevel }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'listCategories',
    method: 'GET',
    path: '/api/item-categories',
    summary: 'Categories of items, and how many items each has',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    output: z.object({ rows: z.array(z.object({ category: z.string(), items: z.int() })) }),
    status: 200,
  }),
  endpoint({
    name: 'listParties',
    method: 'GET',
    path: '/api/parties',
    summary: 'Customers, suppliers and companies by code',
    roles: ['sales', 'buyer', 'warehouse', 'till', 'auditor'],
    scope: 'none',
    writes: false,
    query: z.object({ code: code.optional(), kind: partyKind.optional(), search, cursor, limit }),
    output: page(z.object({ code: z.string(), name: z.string(), kind: partyKind }).loose()),
    status: 200,
  }),
  endpoint({
    name: 'createParties',
    method: 'POST',
    path: '/api/parties',
    summary: 'Add customers or suppliers',
    roles: ['sales', 'buyer'],
    scope: 'none',
    writes: true,
    body: z.strictObject({
      parties: z
        .array(z.strictObject({ code, name, kind: z.enum(['customer', 'supplier']) }))
        .min(1)
        .max(LINES_MAX),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listSites',
    method: 'GET',
    path: '/api/sites',
    summary: 'Sites that the key may see',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    output: page(
      z.object({
        code: z.string(),
        name: z.string(),
        writeOffExpiredAfterDays: z
          .int()
          .nullable()
          .meta({ description: 'Days after which what expired is written off by itself; null where a person does it' }),
      }),
    ),
    status: 200,
  }),
  endpoint({
    name: 'setExpiryWriteOff',
    method: 'POST',
    path: '/api/expiry-write-off',
    summary: 'Say so many days after what expired at a site is written off by itself; null leaves it to people',
    roles: ['planner'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      afterDays: z.int().min(0).max(days_max).nullable().meta({ description: '0 is the day after the last of its life' }),
    }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'createSite',
    method: 'POST',
    path: '/api/sites',
    summary: 'Add a site, with its standard places',
    roles: [],
    scope: 'every',
    writes: true,
    body: z.strictObject({
      code: siteCode,
      name,
      ssccPrefix: z
        .string()
        .regex(/^\d{4,13}$/, 'A prefix is 4 to 13 digits: a GS1 company prefix, and more where several sites share one.')
        .nullable()
        .default(null)
        .meta({ description: 'How the SSCCs of its packages begin; without one it numbers in-house' }),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listPlaces',
    method: 'GET',
    path: '/api/places',
    summary: 'Places of a site by code, or as one walks, with where they are and how much stands there',
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({
      site: siteCode,
      kind: placeKind.optional(),
      code: code.optional().meta({ description: 'Only this one' }),
      by: z.enum(['code', 'walk']).default('code'),
      cursor,
      limit,
    }),
    output: page(
      z
        .object({
          code: z.string(),
          kind: placeKind,
          aisle: z.int().nullable(),
          rack: z.int().nullable(),
          level: z.int().nullable(),
          stockRows: z.int(),
          items: z.int(),
          quantity: z.int().meta({ description: 'Pieces of all items together' }),
        })
        .loose(),
    ),
    status: 200,
  }),
  endpoint({
    name: 'createPlaces',
    method: 'POST',
    path: '/api/places',
    summary: 'Add bins, shelves and docks to a site',
    roles: ['warehouse'],
    scope: 'site',
    writes: true,
    body: z.strictObject({
      site: siteCode,
      places: z
        .array(z.strictObject({ code, kind: placeKind, position: position.nullable().default(null) }))
        .min(1)
        .max(LINES_MAX),
    }),
    output: done,
    status: 201,
  }),
  endpoint({
    name: 'listKeys',
    method: 'GET',
    path: '/api/keys',
    summary: 'API keys, without their secrets',
    roles: ['auditor'],
    scope: 'every',
    writes: false,
    query: z.object({ cursor, limit }),
    output: page(
      z.object({
        id: z.int(),
        name: z.string(),
        role: z.enum(roles),
        sites: z.array(z.string()),
        createdAt: toldInstant,
        revokedAt: toldInstant.nullable(),
      }),
    ),
    status: 200,
  }),
  endpoint({
    name: 'createKey',
    method: 'POST',
    path: '/api/keys',
    summary: 'Make an API key; the secret is shown once',
    roles: [],
    scope: 'every',
    writes: true,
    body: z.strictObject({
      name,
      role: z.enum(roles),
      sites: z.array(siteCode).max(LINES_MAX).default([]).meta({ description: 'Empty means every site' }),
    }),
    output: z.object({
      id: z.int(),
      name: z.string(),
      role: z.enum(roles),
      secret: z.string().optional().meta({ description: 'In the first answer only; it is kept nowhere' }),
    }),
    status: 201,
  }),
  endpoint({
    name: 'revokeKey',
    method: 'DELETE',
    path: '/api/keys/{id}',
    summary: 'Revoke an API key',
    roles: [],
    scope: 'every',
    writes: true,
    params: z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) }),
    output: done,
    status: 200,
  }),
  endpoint({
    name: 'listEvents',
    method: 'GET',
    path: '/api/events',
    summary:
      'The feed of all sites one may see, after a cursor: a page, or a stream to who accepts text/event-stream; brief tells it what happened in numbers',
    roles: 'everyone',
    scope: 'none',
    writes: false,
    query: z.object({ cursor, limit, brief: z.stringbool().default(false) }),
    output: page(z.object({}).loose()),
    status: 200,
  }),
  endpoint({
    name: 'health',
    method: 'GET',
    path: '/api/health',
    summary: 'Whether the server is alive; whether it can work says /api/ready',
    roles: 'public',
    scope: 'none',
    writes: false,
    output: z.object({ ok: z.boolean() }),
    status: 200,
  }),
  endpoint({
    name: 'ready',
    method: 'GET',
    path: '/api/ready',
    summary: 'Whether the server should be sent requests (503 when not): its database, its version, and what is behind or stuck',
    roles: 'public',
    scope: 'none',
    writes: false,
    output: z.object({
      ready: z.boolean(),
      database: z.boolean(),
      migrationsCurrent: z.boolean(),
      preparing: z.string().nullable().meta({ description: 'What it still does before it should be asked' }),
      draining: z.boolean(),
      relay: z.object({
        relays: z.boolean(),
        eventsBehind: z.int().nullable(),
        stuck: z.array(z.object({ site: z.int(), sequence: z.int(), type: z.string(), target: z.int(), tries: z.int() })),
      }),
    }),
    status: 200,
  }),
] as const
