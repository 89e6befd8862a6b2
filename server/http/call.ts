// Call: one request as a handler sees it: who asks, what was sent, and the few questions every handler asks of them.

import { controlSite, type SiteId } from '../../core/item.ts'
import type { Item } from '../../core/item.ts'
import { dayOf, instant, textOf, type Day, type Instant } from '../../core/calendar.ts'
import type { ApiKey, Party, Site } from '../../core/master.ts'
import type { PlaceId } from '../../core/place.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Catalog } from '../catalog.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db.ts'
import type { Answer, Request } from '../lane.ts'
import type { Command } from '../stages.ts'

export interface HttpContext {
  readonly database: Database
  readonly catalog: Catalog
  readonly clock: Clock
  readonly newId: () => string
  /** Sends a command to its home site's lane, over several sites where it needs them. */
  readonly submit: (site: SiteId, request: Request) => Promise<Answer>
}

export interface Call<Body = unknown, Query = unknown, Params = unknown> {
  readonly context: HttpContext
  readonly key: ApiKey
  readonly body: Body
  readonly query: Query
  readonly params: Params
}

/** What a write becomes: a command and the site whose lane takes it. */
export interface Sent {
  readonly site: SiteId
  readonly command: Command
  readonly reference?: string | null
  /** Added to the first answer only, e.g. a secret that is kept nowhere. */
  readonly once?: object
}

export type Writer = (call: Call<any, any, any>) => Promise<Sent | Refusal>
export type Reader = (call: Call<any, any, any>) => Promise<object | Refusal>

export const toControl = (command: Command): Sent => ({ site: controlSite, command })
export const maySee = (key: ApiKey, site: SiteId): boolean => key.sites.length === 0 || key.sites.includes(site)

/** A site that does not exist and one that is not the caller's are told the same way. */
export async function siteOf(call: Pick<Call, 'context' | 'key'>, code: string, subject = 'site'): Promise<Site | Refusal> {
  const site = await call.context.catalog.siteByCode(code)
  return site === undefined || !maySee(call.key, site.site) || site.site === controlSite ? unknownSite(code, subject) : site
}

/** A site that is only spoken of, e.g. where a transfer goes. */
export async function anySite({ context }: Pick<Call, 'context'>, code: string, subject: string): Promise<Site | Refusal> {
  const site = await context.catalog.siteByCode(code)
  return site === undefined || site.site === controlSite ? unknownSite(code, subject) : site
}

const unknownSite = (code: string, subject: string): Refusal => refuse('site_not_known', subject, `There is no site ${code} that you may see.`)

/** The items of lines, in their order, or the first that does not exist. */
export async function itemsOf({ context }: Pick<Call, 'context'>, lines: readonly { readonly sku: string }[]): Promise<readonly Item[] | Refusal> {
  const known = await context.catalog.itemsBySku(lines.map((line) => line.sku))
  const items: Item[] = []
  for (const [index, { sku }] of lines.entries()) {
    const item = known.get(sku)
    if (item === undefined) return refuse('item_not_known', `lines/${index + 1}/sku`, `There is no item ${sku}.`)
    items.push(item)
  }
  return items
}

export async function itemOf(call: Pick<Call, 'context'>, sku: string): Promise<Item | Refusal> {
  const items = await itemsOf(call, [{ sku }])
  return isRefusal(items) ? { ...items, subject: 'sku' } : items[0]!
}

export async function partyOf({ context }: Pick<Call, 'context'>, code: string, kind: Party['kind'], subject: string): Promise<Party | Refusal> {
  const party = await context.catalog.party(code)
  return party?.kind === kind ? party : refuse('party_not_known', subject, `There is no ${kind} ${code}.`)
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
  ...row, ...Object.fromEntries(instants.map((name) => [name, row[name] === null ? null : textOf(row[name] as unknown as Instant)])),
})
