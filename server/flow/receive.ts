// Receive, the shell: the purchase with what its pegs lead to, the stock of what comes in, and what waits for it; and what should have come.

import { raiseOverdue, type RaiseOverdue } from '../../core/flow/receive-overdue.ts'
import { receive, type Receive } from '../../core/flow/receive.ts'
import { totalOf, type Stage } from '../stage.ts'

export const receiveStage: Stage<Receive> = {
  status: 201,
  needs: ({ purchase, owner, lines }) => ({
    ...(purchase === null ? {} : { documents: [purchase], supply: { documents: [purchase] } }),
    items: lines.map((line) => line.item),
    stock: true,
    frees: totalOf(lines),
    countsOnSupply: false,
    places: lines.map((line) => line.place),
    consigned: owner === undefined ? [] : lines.map(({ item }) => ({ item, owner })),
  }),
  decide: receive,
}

export const raiseOverdueStage: Stage<RaiseOverdue> = {
  status: 200,
  needs: ({ supplies }) => ({ supply: { documents: supplies.map((one) => one.document) } }),
  decide: raiseOverdue,
}
