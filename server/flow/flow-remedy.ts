// Flow, the remedy, the shell: the exception with whom it hurts, the late supply with what its pegs lead to, what is tied anew, and the orders whose
// customers are told another day.

import { applyRemedy, type ApplyRemedy } from '../../core/flow/flow-remedy.ts'
import type { ItemId } from '../../core/item.ts'
import type { Stage } from '../stage.ts'

export const applyRemedyStage: Stage<ApplyRemedy> = {
  status: 200,
  needs: ({ exception, item, late, remedy, hurt }) => {
    const waiting = item === null ? [] : [item]
    const changesLines = remedy?.remedy === 'substitute' || remedy?.remedy === 'cancel'
    const items = remedy?.remedy === 'substitute' ? [...waiting, remedy.party as ItemId] : waiting
    const ties = remedy?.ties.map((one) => one.document) ?? []
    const supply = { documents: [...new Set([...(late === null ? [] : [late.document]), ...ties])], items: waiting }
    const base = { exceptions: [exception], items, plansSupply: true, supply, documents: hurt }
    // Lines that are given up free what was held for them.
    return changesLines ? { ...base, stock: true, frees: Infinity, prices: true } : base
  },
  decide: applyRemedy,
}
