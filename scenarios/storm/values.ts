// Values: steps that change what things are worth, cost or may cost, though nothing moves.

import { addDays, type Day } from '../../core/calendar.ts'
import { costKinds } from '../../core/correction.ts'
import { methods } from '../../core/item.ts'
import { CUSTOMER } from '../rig/company.ts'
import { aSite, type Step } from './ground.ts'

const LIMIT_MAX = 1_000_000_000_000

/** Steps of what stock is worth. */
export const values = {
  addCost: (ground, chance) => {
    const one = ground.received.any(chance)
    return one && { path: '/api/costs', body: { site: one.site, document: one.id, kind: chance.oneOf(costKinds), amount: 1 + chance.below(5_000) } }
  },
  setValuation: (ground, chance) => {
    const method = chance.once(2) ? chance.oneOf(methods) : 'standard'
    const standard = method === 'standard' ? { standardCost: 1 + chance.below(1_000) } : {}
    return { path: '/api/valuations', body: { site: aSite(ground, chance), sku: chance.oneOf(ground.skus), method, ...standard } }
  },
  closePeriod: (ground, chance) => {
    const through = addDays('1980-01-01' as Day, (ground.periods += 1))
    return { path: '/api/periods', body: { site: aSite(ground, chance), through } }
  },
  setCreditLimit: (ground, chance) => {
    // Nobody is ever over it: how much is on credit must be right all the same.
    const limit = LIMIT_MAX - chance.below(1_000)
    return {
      path: '/api/credit-limits',
      body: { site: aSite(ground, chance), customer: CUSTOMER, limit, ...(chance.once(2) ? { owed: chance.below(1_000_000) } : {}) },
    }
  },
} satisfies Readonly<Record<string, Step>>
