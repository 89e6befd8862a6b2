// Counting: steps of count sheets. One who has a key of his own counts, so that another may approve what he counted.

import { aSite, type Sheet, type Step } from './ground.ts'

const TOLERANCE_UNITS = 400
/** Of what the company's items come to at a shelf in a storm. */
const COUNTED_MAX = 900

export const counting = {
  openCountSheet: (ground, chance) => {
    const [site, skus] = [aSite(ground, chance), [chance.oneOf(ground.skus), chance.oneOf(ground.skus)]]
    const positions = skus.map((sku) => ({ sku }))
    const body = { site, kind: 'cycle', positions, tolerance: chance.once(12) ? { units: TOLERANCE_UNITS } : {} }
    return { path: '/api/count-sheets', body, accepted: ({ id }) => ground.sheets.put({ id: String(id), site, skus }) }
  },
  enterCounts: (ground, chance) => {
    const one = ground.sheets.take(chance)
    if (one === undefined) return undefined
    const countedAt = new Date(Date.now() - chance.below(2_000)).toISOString()
    const entries = one.skus.map((sku) => ({ entry: `${chance.below(1e9)}`, sku, counted: chance.below(COUNTED_MAX), countedAt, isRecount: true }))
    return { ...about(one, 'entries', { entries }), isOther: true, accepted: () => ground.entered.put(one) }
  },
  closeCountSheet: (ground, chance) => {
    const one = ground.entered.take(chance)
    const pools = { recount: ground.sheets, counted: ground.toApprove }
    return one && { ...about(one, 'closing', { leavesUncounted: true }), accepted: ({ state }) => pools[state as keyof typeof pools]?.put(one) }
  },
  approveCountSheet: (ground, chance) => {
    const one = ground.toApprove.take(chance)
    return one && about(one, 'approval')
  },
  cancelCountSheet: (ground, chance) => {
    const one = (chance.once(12) ? ground.toApprove : ground.sheets).take(chance)
    return one && about(one, 'cancellation')
  },
} satisfies Readonly<Record<string, Step>>

const about = ({ id, site }: Sheet, what: string, more: object = {}) => ({ path: `/api/count-sheets/${id}/${what}`, body: { site, ...more } })
