// Ground: a company of two sites that lives through random days: every command that a lane takes, orders over HTTP that one site helps the other to
// serve, remedies for what comes late, messages between the sites and corrections of what was told late. Figures are then drawn from it.

import { day_ms, type Instant } from '../../core/calendar.ts'
import { sql, type Database } from '../../server/db.ts'
import { lookAtBeliefs } from '../../server/loop/belief.ts'
import { Relay } from '../../server/relay.ts'
import { revalue } from '../../server/revaluation.ts'
import { testHttp, type TestHttp } from '../../server/test-http.ts'
import { allDelivered, quickRelay } from '../../server/test-sites.ts'
import { testWorld, type TestWorld } from '../../server/test-world.ts'
import { castOf, nextCommand, type Cast } from '../mixed-commands.ts'

export interface Ground {
  readonly cast: Cast
  readonly world: TestWorld
  readonly owner: Database
  readonly begun: Instant
  readonly sites: readonly string[]
  readonly skus: readonly string[]
  /** Asks the API, as an admin; what is not answered with success is a fault of the run. */
  readonly ask: (path: string, body?: object) => Promise<Record<string, unknown>>
}

const SITES = ['SEA', 'PDX'] as const
const SKUS = ['A', 'B', 'C', 'LOT', 'SERIAL'] as const
const BATCHES_A_DAY = 6
const BATCH_COMMANDS_MAX = 14

/** So many batches of commands on an empty database. */
export async function livedGround(
  { server, owner }: { readonly server: Database; readonly owner: Database },
  seed: number,
  batches: number,
): Promise<Ground> {
  const world = await testWorld(server, { sites: SITES, items: { A: 12, B: 6, C: 0 } })
  const http = await testHttp(server, world)
  const admin = await http.key('admin')
  const ask: Ground['ask'] = async (path, body) => {
    const reply = await http.call(admin, body === undefined ? 'GET' : 'POST', path, body)
    if (reply.status >= 300) throw new Error(`${path} was answered ${reply.status}: ${reply.text}`)
    return reply.body
  }
  await ask('/api/parties', { parties: [{ code: 'C1', name: 'The customer', kind: 'customer' }] })
  await ask('/api/sourcing', { site: 'SEA', prefers: 'date', sourcesMax: 2, splitsLines: true, lanes: [{ from: 'PDX', transitDays: 1 }] })
  const ground: Ground = { cast: await castOf(world, seed), world, owner, begun: world.now(), sites: SITES, skus: SKUS, ask }
  const relay = new Relay({ database: owner, lanes: world.lanes, limits: quickRelay })
  relay.start()
  try {
    for (let batch = 1; batch <= batches; batch += 1) await liveOn(ground, { http, admin }, relay, batch)
  } finally {
    await relay.stop()
  }
  if (http.faults.length > 0) throw new Error('A request was a fault.', { cause: http.faults[0] })
  return ground
}

async function liveOn(ground: Ground, door: Door, relay: Relay, batch: number): Promise<void> {
  const { cast, world, owner } = ground
  const { chance } = cast
  await Promise.all(
    Array.from({ length: 1 + chance.below(BATCH_COMMANDS_MAX) }, () => {
      const told = chance.oneOf(cast.sites)
      return world.send(told.site, nextCommand(cast, told))
    }),
  )
  if (chance.once(2)) await placeOverHttp(ground, door)
  if (chance.once(3)) await mend(ground, door)
  for (const { site } of cast.sites) relay.nudge(site)
  await allDelivered(owner)
  // Behind the lanes, as in a server: what is promised next goes by it.
  await lookAtBeliefs({ database: owner, clock: world.now })
  // Not always: a figure is explained as well while its costs are still to be corrected.
  if (chance.once(2)) await revalue(world.lanes)
  if (batch % BATCHES_A_DAY === 0) world.wait(chance.once(2) ? day_ms : day_ms / 8)
  else world.wait(chance.below(3) * 60_000)
}

interface Door {
  readonly http: TestHttp
  readonly admin: string
}

/** An order of which the rule chooses the sites, or the customer one. It may be refused. */
async function placeOverHttp({ cast: { chance }, sites, skus }: Ground, { http, admin }: Door): Promise<void> {
  const lines = Array.from({ length: 1 + chance.below(3) }, () => ({
    sku: chance.oneOf(skus.slice(0, 3)),
    quantity: 1 + chance.below(8),
    ...(chance.once(3) ? { source: chance.oneOf(sites) } : {}),
  }))
  await http.call(admin, 'POST', '/api/orders', { site: chance.oneOf(sites), customer: 'C1', lines })
}

interface Remedy {
  readonly remedy: string
  readonly with: string | null
  readonly quantity: number
  readonly cost: number | null
  readonly date: string
}

/** Does one of the things that can be done about a supply that is late, so that customers are told another day. */
async function mend({ cast: { chance }, owner, ask }: Ground, { http, admin }: Door): Promise<void> {
  const late = await owner.query<{ id: string; site: string }>(sql`
    select e.exception_id as id, s.code as site from exception e join site s on s.site_id = e.site_id -- every site: the test's own
    where e.closed_at is null and e.kind in ('supply_late', 'supply_overdue') and e.hurt_lines > 0 order by e.raised_at desc, e.exception_id limit 5`)
  if (late.length === 0) return
  const { id, site } = chance.oneOf(late)
  const { remedies } = (await ask(`/api/exceptions/${id}?site=${site}`)) as unknown as { readonly remedies: readonly Remedy[] }
  if (remedies.length === 0) return
  const remedy = remedies.find((one) => one.remedy === 'repromise' && chance.once(2)) ?? chance.oneOf(remedies)
  await http.call(admin, 'POST', `/api/exceptions/${id}/remedy`, {
    site,
    remedy: remedy.remedy,
    with: remedy.with,
    quantity: remedy.quantity,
    cost: remedy.cost,
    date: remedy.date,
  })
}
