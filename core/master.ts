// Master data: parties, sites, places, carriers' services, keys, suppliers' catalogues, bills of material and the price book come into being by
// commands like anything else: places at their own site's lane, the rest at the control site, which numbers them all from one counter.

import { actorOfKey } from './api-key.ts'
import type { BackorderClass } from './backorder-class.ts'
import { everyMember } from './commercial.ts'
import { announce, nextNumber, numbering, type Draft } from './ledger.ts'
import { isMadeOf, overlaps, tagOfLine, type BillLine } from './bill.ts'
import type { CarrierService } from './carrier.ts'
import type { ItemId, PartyId, SiteId } from './item.ts'
import type { KitComponent } from './kit.ts'
import { firstFreePlace, standardPlaces, type Place, type PlaceId, type PlaceKind, type Position } from './place.ts'
import type { PartyKind } from './party.ts'
import type { PriceBookRow } from './price-book.ts'
import type { Role } from './principal.ts'
import { refuse, type Refusal } from './refusal.ts'
import { isSuppliedBy, tagOfSource, type SiteSource } from './site-source.ts'
import type { Substitute } from './substitute.ts'
import { tagOfSourcing, type Sourcing } from './sourcing.ts'
import { prefixesMeet } from './sscc.ts'
import { tagOfOffer, type SupplierItem } from './supplier-item.ts'

export interface CreateParties {
  readonly kind: 'createParties'
  readonly parties: readonly { readonly code: string; readonly name: string; readonly kind: PartyKind }[]
}

/** Names stay out of the log: personal data can be erased, the log cannot. */
export function createParties({ parties }: CreateParties, draft: Draft): object | Refusal {
  for (const [index, party] of parties.entries()) {
    if (draft.party.get(party.code)) return taken(`parties/${index}/code`, party.code)
    draft.party.put({ ...party, party: nextNumber(draft) as PartyId })
  }
  announce(draft, { type: 'parties.created', subject: parties[0]?.code ?? '', data: { parties: parties.length } })
  return { parties: parties.map(({ code, kind }) => ({ code, kind })) }
}

/** For each row of an edit the tag of what it replaces, where the editor says so. */
export type IfMatch = readonly (string | null)[]

/** Refuses the first row that is another by now than the one that its edit was made of. */
export function changedMeanwhile(field: string, ifMatch: IfMatch = [], tagNow: (index: number) => string | undefined): Refusal | undefined {
  const index = ifMatch.findIndex((tag, at) => tag !== null && tag !== tagNow(at))
  if (index === -1) return undefined
  return refuse('changed_meanwhile', `${field}/${index + 1}/ifMatch`, 'It was changed since it was read: read it again, and then change it.')
}

export interface SetSupplierItems {
  readonly kind: 'setSupplierItems'
  readonly offers: readonly SupplierItem[]
  readonly ifMatch?: IfMatch
}

/** What suppliers sell and at what price from now on; what was offered before of the same item is replaced. */
export function setSupplierItems({ offers, ifMatch }: SetSupplierItems, draft: Draft): object | Refusal {
  const changed = changedMeanwhile('offers', ifMatch, (index) => {
    const offer = draft.supplierItem.get(`${offers[index]!.item}/${offers[index]!.supplier}`)
    return offer && tagOfOffer(offer)
  })
  if (changed) return changed
  for (const offer of offers) draft.supplierItem.put(offer)
  announce(draft, { type: 'supplier_items.set', subject: String(offers[0]?.supplier ?? ''), data: { offers } })
  return { offers: offers.length }
}

export interface SetBills {
  readonly kind: 'setBills'
  readonly lines: readonly BillLine[]
  readonly ifMatch?: IfMatch
}

/** Adds lines to bills, or says anew of one that begins on the same day how many go in and when it ends. */
export function setBills({ lines, ifMatch }: SetBills, draft: Draft): object | Refusal {
  const changed = changedMeanwhile('lines', ifMatch, (index) => {
    const { parent, component, validFrom } = lines[index]!
    const line = draft.billLine.get(`${parent}/${component}/${validFrom}`)
    return line && tagOfLine(line)
  })
  if (changed) return changed
  for (const [index, line] of lines.entries()) {
    const others = draft.billLine.of(String(line.parent)).filter((one) => one.component === line.component && one.validFrom !== line.validFrom)
    if (others.some((one) => overlaps(one, line))) {
      return refuse('bill_overlaps', `lines/${index}/validFrom`, 'The component is in this bill on some of these days already.')
    }
    draft.billLine.put(line)
  }
  for (const [index, { parent, component }] of lines.entries()) {
    if (isMadeOf(component, parent, (item) => draft.billLine.of(String(item)).map((one) => one.component))) {
      return refuse('bill_cyclic', `lines/${index}/component`, 'The item would be made of itself.')
    }
  }
  announce(draft, { type: 'bills.set', subject: String(lines[0]?.parent ?? ''), data: { lines } })
  return { lines: lines.length }
}

export interface SetSiteSources {
  readonly kind: 'setSiteSources'
  readonly sources: readonly SiteSource[]
  readonly ifMatch?: IfMatch
}

/** From which site others are supplied from now on; what was said before of the same site and class is replaced. */
export function setSiteSources({ sources, ifMatch }: SetSiteSources, draft: Draft): object | Refusal {
  const changed = changedMeanwhile('sources', ifMatch, (index) => {
    const source = draft.siteSource.get(`${sources[index]!.site}/${sources[index]!.source}`)
    return source && tagOfSource(source)
  })
  if (changed) return changed
  for (const one of sources) draft.siteSource.put(one)
  for (const [index, { site, source, from }] of sources.entries()) {
    if (isSuppliedBy(from, site, (at) => draft.siteSource.get(`${at}/${source}`)?.from)) {
      return refuse('source_cyclic', `sources/${index + 1}/from`, 'The site would be supplied by itself.')
    }
  }
  announce(draft, { type: 'site_sources.set', subject: String(sources[0]?.site ?? ''), data: { sources } })
  return { sources: sources.length }
}

export interface SetPriceBook {
  readonly kind: 'setPriceBook'
  readonly rows: readonly PriceBookRow[]
}

/** Puts rows into the book: what was said before under the same code and day is replaced. */
export function setPriceBook({ rows }: SetPriceBook, draft: Draft): object {
  for (const row of rows) draft.priceBook.put(row)
  announce(draft, { type: 'price_book.set', subject: '', data: { kinds: countsOf(rows) } })
  return { rows: rows.length }
}

function countsOf(rows: readonly PriceBookRow[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

export interface SetKits {
  readonly kind: 'setKits'
  /** Each kit with all that is in it; a kit of nothing is none any more. */
  readonly kits: readonly { readonly kit: ItemId; readonly components: readonly Omit<KitComponent, 'kit'>[] }[]
}

/** What is in kits from now on; orders that stand keep what they were placed with. */
export function setKits({ kits }: SetKits, draft: Draft): object | Refusal {
  for (const [index, { kit, components }] of kits.entries()) {
    for (const one of draft.kitComponent.of(`of ${kit}`)) draft.kitComponent.remove(one)
    for (const [at, { component, quantity }] of components.entries()) {
      const subject = `kits/${index + 1}/components/${at + 1}/sku`
      if (components.findIndex((one) => one.component === component) < at)
        return refuse('kit_doubled', subject, 'The component is named above already.')
      draft.kitComponent.put({ kit, component, quantity })
    }
  }
  for (const [index, { kit, components }] of kits.entries()) {
    const isNested = draft.kitComponent.of(`in ${kit}`).length > 0 && components.length > 0
    const at = components.findIndex(({ component }) => component === kit || draft.kitComponent.of(`of ${component}`).length > 0)
    if (at !== -1) return refuse('kit_nested', `kits/${index + 1}/components/${at + 1}/sku`, 'A kit is made of items that are not kits themselves.')
    if (isNested) return refuse('kit_nested', `kits/${index + 1}/sku`, 'The item is in a kit itself, so it cannot be one.')
  }
  announce(draft, { type: 'kits.set', subject: String(kits[0]?.kit ?? ''), data: { kits } })
  return { kits: kits.length }
}

export interface SetSubstitutes {
  readonly kind: 'setSubstitutes'
  /** Each item with all that may be sent instead of it; two ways, it may be sent instead of that too. */
  readonly items: readonly {
    readonly item: ItemId
    readonly substitutes: readonly (Omit<Substitute, 'item' | 'position'> & { readonly twoWay: boolean })[]
  }[]
}

/** What may be sent instead of items from now on. */
export function setSubstitutes({ items }: SetSubstitutes, draft: Draft): object | Refusal {
  for (const [index, { item, substitutes }] of items.entries()) {
    for (const one of draft.substitute.of(String(item))) draft.substitute.remove(one)
    for (const [at, { substitute, chosenBy, twoWay }] of substitutes.entries()) {
      if (substitute === item)
        return refuse('substitute_itself', `items/${index + 1}/substitutes/${at + 1}/sku`, 'An item is no substitute for itself.')
      draft.substitute.put({ item, substitute, position: at + 1, chosenBy })
      if (!twoWay) continue
      const others = draft.substitute.of(String(substitute)).filter((one) => one.substitute !== item)
      draft.substitute.put({ item: substitute, substitute: item, position: others.length + 1, chosenBy })
    }
  }
  announce(draft, { type: 'substitutes.set', subject: String(items[0]?.item ?? ''), data: { items } })
  return { items: items.length }
}

export interface SetBackorderClasses {
  readonly kind: 'setBackorderClasses'
  /** Each class with all of its customers. */
  readonly classes: readonly (BackorderClass & { readonly customers: readonly PartyId[] })[]
}

/** How classes of customers fare from now on when there is not enough for all, and who is in them. */
export function setBackorderClasses({ classes }: SetBackorderClasses, draft: Draft): object {
  for (const { customers, ...one } of classes) {
    draft.backorderClass.put(one)
    const before = draft.classOfCustomer.of(everyMember).filter((member) => member.class === one.code)
    for (const member of before) if (!customers.includes(member.customer)) draft.classOfCustomer.remove(member)
    for (const customer of customers) draft.classOfCustomer.put({ customer, class: one.code })
  }
  announce(draft, { type: 'backorder_classes.set', subject: classes[0]?.code ?? '', data: { classes } })
  return { classes: classes.length }
}

export interface SetSourcing {
  readonly kind: 'setSourcing'
  readonly sourcing: Sourcing
  readonly ifMatch?: string | null
}

/** By which rule a site's orders are sourced from now on: the whole of it. Without other sites it serves them itself. */
export function setSourcing({ sourcing, ifMatch = null }: SetSourcing, draft: Draft): object | Refusal {
  const { lanes, ...rule } = sourcing
  const before = draft.sourcingRule.get(String(rule.site))
  const lanesBefore = draft.sourcingLane.of(String(rule.site))
  const tagNow = before && tagOfSourcing({ ...before, lanes: lanesBefore.toSorted((a, b) => a.position - b.position) })
  if (ifMatch !== null && ifMatch !== tagNow) {
    return refuse('changed_meanwhile', 'ifMatch', 'It was changed since it was read: read it again, and then change it.')
  }
  for (const [index, lane] of lanes.entries()) {
    const subject = `lanes/${index + 1}/from`
    if (lane.from === rule.site) return refuse('source_cyclic', subject, 'The site serves its own orders anyway: only others are named here.')
    if (lanes.findIndex((one) => one.from === lane.from) < index) return refuse('source_doubled', subject, 'The site is named above already.')
  }
  for (const lane of lanesBefore) if (!lanes.some((one) => one.from === lane.from)) draft.sourcingLane.remove(lane)
  for (const lane of lanes) draft.sourcingLane.put(lane)
  draft.sourcingRule.put(rule)
  announce(draft, { type: 'sourcing.set', subject: String(rule.site), data: { sourcing } })
  return { lanes: lanes.length }
}

export interface CreateSite {
  readonly kind: 'createSite'
  readonly code: string
  readonly name: string
  /** How the SSCCs of its packages begin; without one it numbers in-house. */
  readonly ssccPrefix?: string | null
}

/** A site is born with its standard places and an empty ledger. */
export function createSite({ code, name, ssccPrefix = null }: CreateSite, draft: Draft): object | Refusal {
  if (draft.site.get(code)) return taken('code', code)
  const meets = ssccPrefix === null ? undefined : draft.site.of(numbering).find((one) => prefixesMeet(one.ssccPrefix!, ssccPrefix))
  if (meets) return refuse('code_taken', 'ssccPrefix', `Site ${meets.code} gives out numbers that begin with ${meets.ssccPrefix}.`)
  draft.site.put({ site: nextNumber(draft) as SiteId, code, name, owner: draft.state.owner, ssccPrefix, writeOffExpiredAfterDays: 0 })
  announce(draft, { type: 'site.created', subject: code, data: { code, name } })
  return { code, name, places: Object.keys(standardPlaces).map((kind) => kind.toUpperCase()) }
}

export interface SetExpiryWriteOff {
  readonly kind: 'setExpiryWriteOff'
  readonly site: string
  /** 0 is the day after the last one; null leaves it to people. */
  readonly afterDays: number | null
}

/** When a site writes off what expired there, from now on. */
export function setExpiryWriteOff({ site: code, afterDays }: SetExpiryWriteOff, draft: Draft): object | Refusal {
  const site = draft.site.get(code)
  if (site === undefined) return refuse('site_not_known', 'site', `There is no site ${code}.`)
  draft.site.put({ ...site, writeOffExpiredAfterDays: afterDays })
  announce(draft, { type: 'site.expiry_write_off_set', subject: code, data: { afterDays, before: site.writeOffExpiredAfterDays } })
  return { site: code, afterDays }
}

export interface CreatePlaces {
  readonly kind: 'createPlaces'
  readonly places: readonly { readonly code: string; readonly kind: PlaceKind; readonly position?: Position | null }[]
}

export function createPlaces({ places }: CreatePlaces, draft: Draft): object | Refusal {
  // Those of the same batch count too: the site's places are as they were when it began.
  const made = draft.state.tables.place.rows().map((row) => row.place)
  let next = Math.max(firstFreePlace - 1, ...draft.state.places.keys(), ...made)
  for (const [index, { code, kind, position = null }] of places.entries()) {
    if (draft.place.get(code)) return taken(`places/${index}/code`, code)
    const place: Place = { place: (next += 1) as PlaceId, code, kind, position }
    draft.place.put(place)
  }
  announce(draft, { type: 'places.created', subject: places[0]?.code ?? '', data: { places } })
  return { places }
}

export interface CreateServices {
  readonly kind: 'createServices'
  readonly services: readonly Omit<CarrierService, 'service'>[]
}

export function createServices({ services }: CreateServices, draft: Draft): object | Refusal {
  for (const [index, service] of services.entries()) {
    if (draft.service.get(service.code)) return taken(`services/${index}/code`, service.code)
    draft.service.put({ ...service, service: nextNumber(draft) })
  }
  announce(draft, { type: 'services.created', subject: services[0]?.code ?? '', data: { services } })
  return { services: services.map(({ code }) => ({ code })) }
}

export interface CreateKey {
  readonly kind: 'createKey'
  readonly name: string
  readonly role: Role
  readonly sites: readonly SiteId[]
  /** Hexadecimal; the secret itself is shown once and kept nowhere. */
  readonly secretSha256: string
}

export function createKey({ name, role, sites, secretSha256 }: CreateKey, draft: Draft): object {
  const apiKey = nextNumber(draft)
  draft.apiKey.put({ apiKey, name, role, sites, secretSha256, createdAt: draft.state.now, revokedAt: null })
  announce(draft, { type: 'key.created', subject: actorOfKey(apiKey), data: { role, sites } })
  return { id: apiKey, name, role }
}

export interface RevokeKey {
  readonly kind: 'revokeKey'
  readonly apiKey: number
}

export function revokeKey({ apiKey }: RevokeKey, draft: Draft): object | Refusal {
  const row = draft.apiKey.get(String(apiKey))
  if (row === undefined) return refuse('key_id_not_known', 'id', `There is no key ${apiKey}.`)
  if (row.revokedAt === null) draft.apiKey.put({ ...row, revokedAt: draft.state.now })
  announce(draft, { type: 'key.revoked', subject: actorOfKey(apiKey), data: {} })
  return { id: apiKey }
}

const taken = (subject: string, code: string): Refusal => refuse('code_taken', subject, `${code} exists already.`)
