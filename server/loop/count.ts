// Count, the shell: a count may find less, and take what was held, or more, and free it; it settles what pickers missed there. What moved since is read with
// it, since it is compared with the ledger as it was.

import { count, type Count } from '../../core/loop/count.ts'
import { approveCountSheet, closeCountSheet, type ApproveCountSheet, type CloseCountSheet } from '../../core/loop/count-close.ts'
import {
  cancelCountSheet,
  enterCounts,
  openCountSheet,
  type CancelCountSheet,
  type EnterCounts,
  type OpenCountSheet,
} from '../../core/loop/count-sheet.ts'
import { consignedBy, type Stage } from '../stage.ts'

export const countStage: Stage<Count> = {
  status: 201,
  needs: ({ item, owner, place, countedAt }) => ({
    items: [item],
    stock: true,
    countsOnSupply: false,
    frees: Infinity,
    takes: [[item, Infinity]],
    places: [place],
    since: [{ item, at: countedAt }],
    ...consignedBy(item, owner),
    storage: { shortPicks: true },
  }),
  decide: count,
}

export const openCountSheetStage: Stage<OpenCountSheet> = {
  status: 201,
  needs: ({ positions }) => ({ items: positions.map((one) => one.item), countsOnSupply: false }),
  decide: openCountSheet,
}

export const enterCountsStage: Stage<EnterCounts> = {
  status: 200,
  needs: ({ sheet, entries }) => ({
    items: entries.map((one) => one.item),
    stock: true,
    countsOnSupply: false,
    countSheets: [{ sheet, isCompared: false }],
  }),
  decide: enterCounts,
}

export const closeCountSheetStage: Stage<CloseCountSheet> = {
  status: 200,
  needs: ({ sheet }) => ({ countsOnSupply: false, countSheets: [{ sheet, isCompared: true }] }),
  decide: closeCountSheet,
}

export const approveCountSheetStage: Stage<ApproveCountSheet> = {
  status: 200,
  needs: ({ sheet }) => ({ countsOnSupply: false, countSheets: [{ sheet, isCompared: true }] }),
  decide: approveCountSheet,
}

export const cancelCountSheetStage: Stage<CancelCountSheet> = {
  status: 200,
  needs: ({ sheet }) => ({ countsOnSupply: false, countSheets: [{ sheet, isCompared: false }] }),
  decide: cancelCountSheet,
}
