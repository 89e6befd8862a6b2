// Produce, the shell: a work order with its components and what its pegs lead to, and the stock of what goes in and comes out.

import {
  cancelWorkOrder,
  issueComponents,
  produce,
  recordOutput,
  redateWorkOrder,
  releaseWorkOrder,
  type CancelWorkOrder,
  type IssueComponents,
  type Produce,
  type RecordOutput,
  type RedateWorkOrder,
  type ReleaseWorkOrder,
} from '../../core/flow/produce.ts'
import type { Stage } from '../stage.ts'

export const produceStage: Stage<Produce> = {
  status: 201,
  needs: ({ item, components }) => ({
    items: [item, ...components.map((component) => component.item)],
    plansSupply: true,
    supply: { items: [item] },
  }),
  decide: produce,
}

export const releaseWorkOrderStage: Stage<ReleaseWorkOrder> = {
  status: 200,
  needs: ({ workOrder }) => ({ supply: { documents: [workOrder] }, countsOnSupply: false }),
  decide: releaseWorkOrder,
}

export const issueComponentsStage: Stage<IssueComponents> = {
  status: 200,
  needs: ({ workOrder }) => ({ supply: { documents: [workOrder] }, stock: true, countsOnSupply: false }),
  decide: issueComponents,
}

export const recordOutputStage: Stage<RecordOutput> = {
  status: 201,
  needs: ({ workOrder, quantity, place }) => ({
    supply: { documents: [workOrder] },
    stock: true,
    frees: quantity,
    countsOnSupply: false,
    places: [place],
  }),
  decide: recordOutput,
}

export const redateWorkOrderStage: Stage<RedateWorkOrder> = {
  status: 200,
  needs: ({ workOrder }) => ({ supply: { documents: [workOrder] } }),
  decide: redateWorkOrder,
}

export const cancelWorkOrderStage: Stage<CancelWorkOrder> = {
  status: 200,
  needs: ({ workOrder }) => ({ supply: { documents: [workOrder] }, stock: true, frees: Infinity }),
  decide: cancelWorkOrder,
}
