// Look: what people at a storm look up before they go on: what a supplier is to ship for an order, and what can be done about what comes late.

import type { Chance } from '../chance.ts'
import type { Answerable, Ground, OrderInHand } from './ground.ts'

/** Somebody looks what of an order its supplier is to ship. */
export async function lookForDirect(ground: Ground, order: OrderInHand): Promise<void> {
  const { bought = [], lines = [] } = (await ground.read(`/api/orders/${order.number}`)) as Told
  for (const { purchase, line, quantity, received, cancelled } of bought) {
    const left = quantity - received - cancelled
    if (left > 0 && lines.find((one) => one.line === line)?.supply?.how === 'drop_ship')
      ground.direct.put({ purchase, site: order.site, quantity: left, order })
  }
}

interface Told {
  readonly lines?: readonly { readonly line: number; readonly supply: { readonly how: string } | null }[]
  readonly bought?: readonly {
    readonly purchase: string
    readonly line: number
    readonly quantity: number
    readonly received: number
    readonly cancelled: number
  }[]
}

/** Somebody who was told that goods come later looks at what can be done for those whom it hurts. */
export async function lookInto(ground: Ground, chance: Chance, site: string, exception: string): Promise<Omit<Answerable, 'goOn'> | undefined> {
  const { remedies = [] } = (await ground.read(`/api/exceptions/${exception}?site=${site}&limit=1`)) as { readonly remedies?: readonly Remedy[] }
  if (remedies.length === 0) return undefined
  const { remedy, with: partner, quantity, cost, date } = chance.oneOf(remedies)
  return { id: exception, body: { site, remedy, with: partner, quantity, cost, date } }
}

interface Remedy {
  readonly remedy: string
  readonly with: string | null
  readonly quantity: number
  readonly cost: number | null
  readonly date: string
}
