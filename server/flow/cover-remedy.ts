// Cover, the remedy, the shell: the exception with whom it hurts, the late supply with what its pegs lead to, what is tied anew, and the orders whose
// customers are told another day.

import { applyRemedy, type ApplyRemedy } from '../../core/flow/cover-remedy.ts'
import type { Stage } from '../stage.ts'

export const applyRemedyStage: Stage<ApplyRemedy> = {
  status: 200,
  needs: ({ exception, item, late, remedy, hurt }) => {
    const items = item === null ? [] : [item]
    const ties = remedy?.ties.map((one) => one.document) ?? []
    const supply = { documents: [...new Set([...(late === null ? [] : [late.document]), ...ties])], items }
    return { exceptions: [exception], items, plansSupply: true, supply, documents: hurt }
  },
  decide: applyRemedy,
}
