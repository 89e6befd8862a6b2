// Network: Adventure Works as fourteen sites. A plant in Bothell makes the bicycles and has the stock of the data; a distribution centre is supplied by
// the plant, and twelve shops, in cities that its customers live in, by the distribution centre. And the rule that cuts the shops' till sales from
// the real orders, all of which are orders of consumers on the web: each order goes, by a hash of its number, to one door and to no other.

import { hash } from 'node:crypto'
import { controlSite, type SiteId } from '../core/item.ts'
import type { SiteSource } from '../core/site-source.ts'
import { submit } from '../server/import/submit.ts'
import type { Opened } from '../server/open.ts'
import type { Command } from '../server/stages.ts'

interface NetworkSite {
  readonly code: string
  readonly name: string
  /** From where it is supplied; the plant buys and makes. */
  readonly from: string | null
  /** How long the way from there takes. */
  readonly transferDays: number
  /** Whose customers come to it, of a shop. */
  readonly territory: string | null
}

export const PLANT = 'AWC'
export const DISTRIBUTION = 'DC'

const shop = (code: string, city: string, territory: string, transferDays: number): NetworkSite => ({
  code,
  name: `Shop, ${city}`,
  from: DISTRIBUTION,
  transferDays,
  territory,
})

export const network: readonly NetworkSite[] = [
  { code: PLANT, name: 'Plant, Bothell', from: null, transferDays: 0, territory: null },
  { code: DISTRIBUTION, name: 'Distribution centre, Renton', from: PLANT, transferDays: 1, territory: null },
  shop('SEA', 'Seattle', 'Northwest', 1),
  shop('PDX', 'Portland', 'Northwest', 1),
  shop('SFO', 'San Francisco', 'Southwest', 2),
  shop('SAN', 'San Diego', 'Southwest', 3),
  shop('VAN', 'Vancouver', 'Canada', 2),
  shop('YYZ', 'Toronto', 'Canada', 4),
  shop('SYD', 'Sydney', 'Australia', 9),
  shop('MEL', 'Melbourne', 'Australia', 9),
  shop('BNE', 'Brisbane', 'Australia', 9),
  shop('LON', 'London', 'United Kingdom', 6),
  shop('PAR', 'Paris', 'France', 6),
  shop('BER', 'Berlin', 'Germany', 6),
]

/** Of 10 orders of a territory that has shops, so many are asked for at a shop; the others stay orders of the web. */
const AT_SHOPS_OF_TEN = 6

/** The site at which an order is asked for: a shop of its territory, or the distribution centre for what is ordered on the web. */
export function doorOf(number: string, territory: string): string {
  const shops = network.filter((site) => site.territory === territory)
  const draw = hash('sha256', number, 'buffer')
  if (shops.length === 0 || draw[0]! % 10 >= AT_SHOPS_OF_TEN) return DISTRIBUTION
  return shops[draw[1]! % shops.length]!.code
}

/** The sites of a network that is there, by what they do. */
export interface Sites {
  readonly plant: SiteId
  readonly distribution: SiteId
  readonly shops: readonly SiteId[]
  readonly transferDays: ReadonlyMap<SiteId, number>
  readonly byCode: ReadonlyMap<string, SiteId>
}

/** Makes what is missing of the network, and says which site supplies which. */
export async function furnishNetwork(opened: Opened): Promise<Sites> {
  const byCode = new Map<string, SiteId>()
  for (const { code, name } of network) {
    if ((await opened.catalog.siteByCode(code)) === undefined) await sendControl(opened, { kind: 'createSite', code, name }, code)
    byCode.set(code, (await opened.catalog.siteByCode(code))!.site)
  }
  const sources = network.flatMap(({ code, from, transferDays }): readonly SiteSource[] =>
    from === null ? [] : (['buy', 'make'] as const).map((source) => ({ site: byCode.get(code)!, source, from: byCode.get(from)!, transferDays })),
  )
  await sendControl(opened, { kind: 'setSiteSources', sources }, 'sources')
  const at = (code: string): SiteId => byCode.get(code)!
  return {
    plant: at(PLANT),
    distribution: at(DISTRIBUTION),
    shops: network.filter((site) => site.territory !== null).map((site) => at(site.code)),
    transferDays: new Map(network.map(({ code, transferDays }) => [at(code), transferDays])),
    byCode,
  }
}

async function sendControl({ lanes }: Opened, command: Command, what: string): Promise<void> {
  const sha256 = hash('sha256', JSON.stringify(command), 'buffer')
  const request = { command, caller: 'network', key: `network:${what}:${sha256.toString('hex')}`, sha256 }
  const { status, body } = await submit(lanes, { site: controlSite, request })
  if (status >= 300) throw new Error(`${command.kind} ${what} was refused: ${body}`)
}
