// Record, the shell: opening stock, and what changes its worth though nothing moves.

import { openStock, type OpenStock } from '../../core/loop/record.ts'
import { closePeriod, type ClosePeriod } from '../../core/loop/record-period.ts'
import { addCost, correctValue, setValuation, type AddCost, type CorrectValue, type SetValuation } from '../../core/loop/record-value.ts'
import type { Stage } from '../stage.ts'

export const openStockStage: Stage<OpenStock> = {
  status: 201,
  needs: ({ lines }) => ({ items: lines.map((line) => line.item), stock: true, frees: Infinity, places: lines.map((line) => line.place) }),
  decide: openStock,
}

export const addCostStage: Stage<AddCost> = {
  status: 201,
  needs: ({ came, owner }) => ({ valuation: { came: [{ document: came, owner }] } }),
  decide: addCost,
}

export const setValuationStage: Stage<SetValuation> = {
  status: 201,
  needs: ({ item }) => ({ items: [item], stock: true }),
  decide: setValuation,
}

export const correctValueStage: Stage<CorrectValue> = {
  status: 200,
  needs: ({ item, owner, through }) => ({ items: [item], stock: true, valuation: { since: [{ item, owner, through }] } }),
  decide: correctValue,
}

export const closePeriodStage: Stage<ClosePeriod> = {
  status: 201,
  needs: ({ through }) => ({ valuation: { pending: [through] } }),
  decide: closePeriod,
}
