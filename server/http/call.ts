// Call: one request as a handler sees it: who asks, what was sent, and the few questions every handler asks of them.

import { hkdfSync } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { EndpointName, endpoints } from '../../api/endpoints.ts'
import { controlSite, type SiteId } from '../../core/item.ts'
import type { Item, PartyId } from '../../core/item.ts'
import { dayOf, instant, textOf, type Day, type Instant } from '../../core/calendar.ts'
import type { Party, Site } from '../../core/party.ts'
import type { PriceOfUnit } from '../../core/flow/order-price.ts'
import type { PlaceId } from '../../core/place.ts'
import { maySee, type Principal } from '../../core/principal.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import type { InUnit } from '../../core/unit.ts'
import type { Catalog } from '../catalog.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db.ts'
import type { Answer, Request } from '../lane.ts'
import type { LiveFeed } from '../live-feed.ts'
import type { PriceBooks } from '../price-books.ts'
import type { Stuck } from '../relay.ts'
import type { Command } from '../stages.ts'

const REQUEST_KEY_BYTES = 32
/** Made of the seal key, so that all servers of a database have the same one and the database has none. */
export const requestKeyOf = (sealKey: Buffer): Buffer => Buffer.from(hkdfSync('sha256', sealKey, '', 'request hashes', REQUEST_KEY_BYTES))

/** What the server knows of itself. */
export interface Health {
  /** What it still does before it should be asked, in words; null once that is done. */
  readonly preparing: string | null
  readonly draining: boolean
  /** Whether this process is the one that carries messages and keeps the feed. */
  readonly relays: boolean
  readonly stuck: readonly Stuck[]
}

export interface HttpContext {
  readonly database: Database
  readonly catalog: Catalog
  readonly priceBooks: PriceBooks
  readonly clock: Clock
  readonly newId: () => string
  /** With it the hashes of requests that hold a password are keyed: nothing that is kept may help to guess one. */
  readonly requestKey: Buffer
  /** Whether browsers reach the server over TLS. */
  readonly secure: boolean
  readonly live: LiveFeed
  /** Whether a payment provider is there to be asked. */
  readonly takesPayments: boolean
  readonly health: () => Health
  /** Sends a command to its home site's lane, over several sites where it needs them. */
  readonly submit: (site: SiteId, request: Request) => Promise<Answer>
}

export interface Call<Body = unknown, Query = unknown, Params = unknown> {
  readonly context: HttpContext
  readonly principal: Principal
  readonly body: Body
  readonly query: Query
  readonly params: Params
  /** The session that asks, by the hash of its token; undefined where a key does. */
  readonly session: string | undefined
  /** The `If-Match` header: the version that an edit was made of. */
  readonly ifMatch: string | undefined
}

/** What a handler needs of a call that has no request, e.g. a line of a stream. */
export type Asked = Pick<Call, 'context' | 'principal'>

/** What a write becomes: a command and the site whose lane takes it. */
export interface Sent {
  readonly site: SiteId
  readonly command: Command
  readonly reference?: string | null
  /** Added to the first answer only, e.g. a secret that is kept nowhere. */
  readonly once?: object
}

type EndpointOf<Name extends EndpointName> = Extract<(typeof endpoints)[number], { name: Name }>
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type Part<Name extends EndpointName, Key extends string> = EndpointOf<Name> extends { readonly [K in Key]: infer Schema } ? Parsed<Schema> : undefined
/** A request to an endpoint, as its schemas leave it. */
export type CallOf<Name extends EndpointName> = Call<Part<Name, 'body'>, Part<Name, 'query'>, Part<Name, 'params'>>

export type Writers = { readonly [Name in EndpointName]: (call: CallOf<Name>) => Promise<Sent | Refusal> }
export type Readers = { readonly [Name in EndpointName]: (call: CallOf<Name>) => Promise<object | Refusal> }
/** A handler of any endpoint, once the route has parsed what it takes. */
export type Writer = (call: Call) => Promise<Sent | Refusal>
export type Reader = (call: Call) => Promise<object | Refusal>

/** An endpoint that answers by itself: it sets cookies, or streams. */
export type Direct = (request: FastifyRequest, reply: FastifyReply, context: HttpContext) => Promise<FastifyReply>

export const toControl = (command: Command): Sent => ({ site: controlSite, command })

/** A site that does not exist and one that is not the caller's are told the same way. */
export async function siteOf(call: Asked, code: string, subject = 'site'): Promise<Site | Refusal> {
  const site = await call.context.catalog.siteByCode(code)
  return site === undefined || !maySee(call.principal, site.site) || site.site === controlSite ? unknownSite(code, subject) : site
}

/** A site that is only spoken of, e.g. where a transfer goes. */
export async function anySite({ context }: Pick<Call, 'context'>, code: string, subject: string): Promise<Site | Refusal> {
  const site = await context.catalog.siteByCode(code)
  return site === undefined || site.site === controlSite ? unknownSite(code, subject) : site
}

const unknownSite = (code: string, subject: string): Refusal => refuse('site_not_known', subject, `There is no site ${code} that you may see.`)

/** A line of a request with the item it names, numbered as people count. */
export interface ItemLine<Line> {
  readonly line: number
  readonly item: Item
  readonly asked: Line
  /** As what it was asked for, where that is not the base unit; `asked` has its base units. */
  readonly inUnit?: InUnit
  /** The price that was given for one of that unit, where the price of a base unit does not say it. */
  readonly ofUnit?: PriceOfUnit
}

/** Lines with their items, or the first item that does not exist. */
export async function itemLines<Line extends { readonly sku: string }>(
  { context }: Pick<Call, 'context'>,
  lines: readonly Line[],
  field = 'lines',
): Promise<readonly ItemLine<Line>[] | Refusal> {
  const known = await context.catalog.itemsBySku(lines.map((line) => line.sku))
  const found: ItemLine<Line>[] = []
  for (const [index, asked] of lines.entries()) {
    const item = known.get(asked.sku)
    if (item === undefined) return unknownItem(`${field}/${index + 1}/sku`, asked.sku)
    found.push({ line: index + 1, item, asked })
  }
  return found
}

export async function itemOf({ context }: Pick<Call, 'context'>, sku: string, subject = 'sku'): Promise<Item | Refusal> {
  return (await context.catalog.itemsBySku([sku])).get(sku) ?? unknownItem(subject, sku)
}

const unknownItem = (subject: string, sku: string): Refusal => refuse('item_not_known', subject, `There is no item ${sku}.`)

export async function partyOf({ context }: Pick<Call, 'context'>, code: string, kind: Party['kind'], subject: string): Promise<Party | Refusal> {
  const party = await context.catalog.party(code)
  return party?.kind === kind ? party : refuse('party_not_known', subject, `There is no ${kind} ${code}.`)
}

/** The supplier whose goods are meant; undefined where they are the site's own. */
export async function ownerOf(
  call: Pick<Call, 'context'>,
  site: Site,
  code: string | undefined,
  subject = 'owner',
): Promise<{ readonly owner?: PartyId } | Refusal> {
  if (code === undefined) return {}
  const party = await call.context.catalog.party(code)
  if (party?.party === site.owner) return {}
  return party?.kind === 'supplier' ? { owner: party.party } : refuse('party_not_known', subject, `There is no supplier ${code}.`)
}

export async function placeOf({ context }: Pick<Call, 'context'>, site: SiteId, code: string, subject: string): Promise<PlaceId | Refusal> {
  return (await context.catalog.placeByCode(site, code)) ?? refuse('place_not_known', subject, `There is no place ${code} at this site.`)
}

export const nowOf = ({ context }: Pick<Call, 'context'>): Instant => instant(context.clock())
export const todayOf = (call: Pick<Call, 'context'>): Day => dayOf(nowOf(call))
/** The instant that was sent, or now. */
export const instantOf = (call: Pick<Call, 'context'>, text: string | undefined): Instant =>
  text === undefined ? nowOf(call) : instant(Date.parse(text))

/** Rows with their instants as text, as the API tells them. */
export const told = <Row extends object>(row: Row, instants: readonly (keyof Row)[]): object => ({
  ...row,
  ...Object.fromEntries(instants.map((name) => [name, row[name] === null ? null : textOf(row[name] as unknown as Instant)])),
})
