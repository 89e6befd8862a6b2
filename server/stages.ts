// Stages: every command that a lane takes, and its stage. Adding a command is a line here.

import type { CancelForHome, CancelOrder } from '../core/flow/flow.ts'
import type { CollectOrder, PutBackUncollected } from '../core/flow/flow-collect.ts'
import type { ChangeOrder } from '../core/flow/flow-change.ts'
import type { ExchangeReturn } from '../core/flow/flow-exchange.ts'
import type { CoverShortages } from '../core/flow/cover.ts'
import type { OrderManyPlanned, OrderPlanned } from '../core/flow/cover-planned.ts'
import type { ApplyRemedy } from '../core/flow/flow-remedy.ts'
import type { ExpectTransfer } from '../core/flow/cover-answer.ts'
import type { RequestTransfer, SupplyTransfer } from '../core/flow/cover-transfer.ts'
import type { BringBack, Deliver, FailDelivery } from '../core/flow/deliver.ts'
import type { LoseShipment } from '../core/flow/deliver-lose.ts'
import type { NoteProgress, PlaceOrder } from '../core/flow/order.ts'
import type { MakeReady, RaiseUncollected } from '../core/flow/order-collection.ts'
import type { SetCredit } from '../core/flow/order-credit.ts'
import type { NoteOrderHold, PutOnHold, TakeOffHold } from '../core/flow/order-hold.ts'
import type { AskAuthorisation, NotePayment } from '../core/flow/order-payment.ts'
import type { CancelWorkOrder, IssueComponents, Produce, RecordOutput, RedateWorkOrder, ReleaseWorkOrder } from '../core/flow/produce.ts'
import type { GiveBack, TakeOver } from '../core/flow/purchase-consigned.ts'
import type { BuyForOrder } from '../core/flow/purchase-bound.ts'
import type { CancelPurchase, Purchase, RedatePurchase } from '../core/flow/purchase.ts'
import type { ConfirmHold, ExpireHolds, HoldForOrder, ReleaseHold } from '../core/flow/reserve.ts'
import type { AuthoriseReturn, CancelReturn, ReceiveReturn, Return } from '../core/flow/return.ts'
import type { DisposeReturn } from '../core/flow/return-inspect.ts'
import type { Reallocate } from '../core/flow/reserve-strategy.ts'
import type { Sell } from '../core/flow/sell.ts'
import type { Receive } from '../core/flow/receive.ts'
import type { RaiseOverdue } from '../core/flow/receive-overdue.ts'
import type { ChangeCondition } from '../core/flow/store.ts'
import type { Pack, Unpack } from '../core/flow/store-pack.ts'
import type { Allocate, PickOrder, Recall } from '../core/flow/store-pick.ts'
import type { Relocate } from '../core/flow/store-place.ts'
import type { HoldRecalled, LiftRecall, RecallLot, ReleaseRecalled } from '../core/flow/store-recall.ts'
import type { ReceiveTransfer, SendTransfer } from '../core/flow/transport.ts'
import type { ShipDirect } from '../core/flow/transport-direct.ts'
import type { Ship } from '../core/flow/transport-ship.ts'
import type { Track } from '../core/flow/transport-track.ts'
import type { CancelTransfer, LoseTransfer, StopTransfer } from '../core/flow/transport-cancel.ts'
import type { DispatchTransfer, TakeArrival } from '../core/flow/transport-transfer.ts'
import type { Count } from '../core/loop/count.ts'
import type { ApproveCountSheet, CloseCountSheet } from '../core/loop/count-close.ts'
import type { CancelCountSheet, EnterCounts, OpenCountSheet } from '../core/loop/count-sheet.ts'
import type { HeedBeliefs } from '../core/loop/belief-heed.ts'
import type { OpenStock } from '../core/loop/record.ts'
import type { ClosePeriod } from '../core/loop/record-period.ts'
import type { AddCost, CorrectValue, SetValuation } from '../core/loop/record-value.ts'
import type { WriteOffExpired } from '../core/loop/shrinkage-expired.ts'
import type { Lose, UndoLoss } from '../core/loop/shrinkage.ts'
import type { RemoveUnits, SetUnits } from '../core/item-unit.ts'
import type { CreateItems, SetItemCategory, SetItemSupply, SetServiceLevel } from '../core/item-master.ts'
import type {
  CreateKey,
  CreateParties,
  CreatePlaces,
  CreateServices,
  CreateSite,
  RevokeKey,
  SetBills,
  SetExpiryWriteOff,
  SetPriceBook,
  SetSiteSources,
  SetKits,
  SetBackorderClasses,
  SetSourcing,
  SetSubstitutes,
  SetSupplierItems,
} from '../core/master.ts'
import { coverShortagesStage } from './flow/cover.ts'
import { orderManyPlannedStage, orderPlannedStage } from './flow/cover-planned.ts'
import { applyRemedyStage } from './flow/flow-remedy.ts'
import { expectTransferStage, requestTransferStage, supplyTransferStage } from './flow/cover-transfer.ts'
import { bringBackStage, deliverStage, failDeliveryStage, loseShipmentStage } from './flow/deliver.ts'
import { collectOrderStage, putBackUncollectedStage } from './flow/flow-collect.ts'
import { cancelForHomeStage, cancelOrderStage, changeOrderStage, exchangeReturnStage, noteProgressStage, placeOrderStage } from './flow/flow.ts'
import { makeReadyStage, raiseUncollectedStage } from './flow/order-collection.ts'
import { setCreditStage } from './flow/order-credit.ts'
import { noteOrderHoldStage, putOnHoldStage, takeOffHoldStage } from './flow/order-hold.ts'
import { askAuthorisationStage, notePaymentStage } from './flow/order-payment.ts'
import {
  cancelWorkOrderStage,
  issueComponentsStage,
  produceStage,
  recordOutputStage,
  redateWorkOrderStage,
  releaseWorkOrderStage,
} from './flow/produce.ts'
import { giveBackStage, takeOverStage } from './flow/purchase-consigned.ts'
import { buyForOrderStage } from './flow/purchase-bound.ts'
import { cancelPurchaseStage, purchaseStage, redatePurchaseStage } from './flow/purchase.ts'
import { reallocateStage } from './flow/reserve-strategy.ts'
import { confirmHoldStage, expireHoldsStage, holdForOrderStage, releaseHoldStage } from './flow/reserve.ts'
import { raiseOverdueStage, receiveStage } from './flow/receive.ts'
import { authoriseReturnStage, cancelReturnStage, disposeReturnStage, receiveReturnStage, returnStage } from './flow/return.ts'
import { sellStage } from './flow/sell.ts'
import { changeConditionStage } from './flow/store.ts'
import { allocateStage, packStage, pickStage, recallStage, unpackStage } from './flow/store-pick.ts'
import { relocateStage } from './flow/store-place.ts'
import { holdRecalledStage, liftRecallStage, recallLotStage, releaseRecalledStage } from './flow/store-recall.ts'
import { receiveTransferStage, sendTransferStage, shipDirectStage, shipStage, trackStage } from './flow/transport.ts'
import { cancelTransferStage, dispatchTransferStage, loseTransferStage, stopTransferStage, takeArrivalStage } from './flow/transport-transfer.ts'
import {
  approveCountSheetStage,
  cancelCountSheetStage,
  closeCountSheetStage,
  countStage,
  enterCountsStage,
  openCountSheetStage,
} from './loop/count.ts'
import { heedBeliefsStage } from './loop/belief-heed.ts'
import { addCostStage, closePeriodStage, correctValueStage, openStockStage, setValuationStage } from './loop/record.ts'
import { backtestStages, type BacktestCommand } from './loop/backtest.ts'
import { planningStages, type PlanningCommand } from './loop/replenish.ts'
import { loseStage, undoLossStage, writeOffExpiredStage } from './loop/shrinkage.ts'
import { peopleStages, type PeopleCommand } from './people.ts'
import {
  createItemsStage,
  createKeyStage,
  createPartiesStage,
  createPlacesStage,
  createServicesStage,
  createSiteStage,
  revokeKeyStage,
  setBillsStage,
  setExpiryWriteOffStage,
  setItemCategoryStage,
  setItemSupplyStage,
  setPriceBookStage,
  setServiceLevelStage,
  setSiteSourcesStage,
  setKitsStage,
  setBackorderClassesStage,
  setSourcingStage,
  setSubstitutesStage,
  setSupplierItemsStage,
  setUnitsStage,
  removeUnitsStage,
} from './master.ts'
import type { Stage } from './stage.ts'

export type Command =
  | PlaceOrder
  | ChangeOrder
  | CancelOrder
  | CancelForHome
  | NoteProgress
  | MakeReady
  | CollectOrder
  | PutBackUncollected
  | RaiseUncollected
  | PutOnHold
  | TakeOffHold
  | NoteOrderHold
  | SetCredit
  | AskAuthorisation
  | NotePayment
  | HoldForOrder
  | ConfirmHold
  | ReleaseHold
  | ExpireHolds
  | Sell
  | Purchase
  | RedatePurchase
  | CancelPurchase
  | TakeOver
  | GiveBack
  | BuyForOrder
  | Produce
  | ReleaseWorkOrder
  | IssueComponents
  | RecordOutput
  | RedateWorkOrder
  | CancelWorkOrder
  | CoverShortages
  | OrderPlanned
  | OrderManyPlanned
  | ApplyRemedy
  | RequestTransfer
  | SupplyTransfer
  | ExpectTransfer
  | Receive
  | RaiseOverdue
  | Allocate
  | Recall
  | PickOrder
  | Pack
  | Unpack
  | Relocate
  | ChangeCondition
  | RecallLot
  | HoldRecalled
  | LiftRecall
  | ReleaseRecalled
  | Ship
  | ShipDirect
  | Track
  | SendTransfer
  | ReceiveTransfer
  | DispatchTransfer
  | TakeArrival
  | CancelTransfer
  | StopTransfer
  | LoseTransfer
  | Deliver
  | FailDelivery
  | BringBack
  | LoseShipment
  | Return
  | AuthoriseReturn
  | CancelReturn
  | ReceiveReturn
  | DisposeReturn
  | ExchangeReturn
  | HeedBeliefs
  | OpenStock
  | AddCost
  | SetValuation
  | CorrectValue
  | ClosePeriod
  | Lose
  | UndoLoss
  | WriteOffExpired
  | Count
  | OpenCountSheet
  | EnterCounts
  | CloseCountSheet
  | ApproveCountSheet
  | CancelCountSheet
  | PlanningCommand
  | BacktestCommand
  | CreateItems
  | SetExpiryWriteOff
  | SetItemCategory
  | SetItemSupply
  | SetServiceLevel
  | CreateParties
  | SetSupplierItems
  | SetBills
  | SetPriceBook
  | SetSiteSources
  | SetKits
  | SetBackorderClasses
  | Reallocate
  | SetSourcing
  | SetSubstitutes
  | SetUnits
  | RemoveUnits
  | CreateSite
  | CreatePlaces
  | CreateServices
  | CreateKey
  | RevokeKey
  | PeopleCommand

const stages: { readonly [Kind in Command['kind']]: Stage<Extract<Command, { kind: Kind }>> } = {
  placeOrder: placeOrderStage,
  changeOrder: changeOrderStage,
  cancelOrder: cancelOrderStage,
  cancelForHome: cancelForHomeStage,
  noteProgress: noteProgressStage,
  makeReady: makeReadyStage,
  collectOrder: collectOrderStage,
  putBackUncollected: putBackUncollectedStage,
  raiseUncollected: raiseUncollectedStage,
  putOnHold: putOnHoldStage,
  takeOffHold: takeOffHoldStage,
  noteOrderHold: noteOrderHoldStage,
  setCredit: setCreditStage,
  askAuthorisation: askAuthorisationStage,
  notePayment: notePaymentStage,
  holdForOrder: holdForOrderStage,
  confirmHold: confirmHoldStage,
  releaseHold: releaseHoldStage,
  expireHolds: expireHoldsStage,
  sell: sellStage,
  purchase: purchaseStage,
  redatePurchase: redatePurchaseStage,
  cancelPurchase: cancelPurchaseStage,
  takeOver: takeOverStage,
  giveBack: giveBackStage,
  buyForOrder: buyForOrderStage,
  produce: produceStage,
  releaseWorkOrder: releaseWorkOrderStage,
  issueComponents: issueComponentsStage,
  recordOutput: recordOutputStage,
  redateWorkOrder: redateWorkOrderStage,
  cancelWorkOrder: cancelWorkOrderStage,
  coverShortages: coverShortagesStage,
  orderPlanned: orderPlannedStage,
  orderManyPlanned: orderManyPlannedStage,
  applyRemedy: applyRemedyStage,
  requestTransfer: requestTransferStage,
  supplyTransfer: supplyTransferStage,
  expectTransfer: expectTransferStage,
  receive: receiveStage,
  raiseOverdue: raiseOverdueStage,
  allocate: allocateStage,
  recall: recallStage,
  pick: pickStage,
  pack: packStage,
  unpack: unpackStage,
  relocate: relocateStage,
  changeCondition: changeConditionStage,
  recallLot: recallLotStage,
  holdRecalled: holdRecalledStage,
  liftRecall: liftRecallStage,
  releaseRecalled: releaseRecalledStage,
  ship: shipStage,
  shipDirect: shipDirectStage,
  track: trackStage,
  sendTransfer: sendTransferStage,
  receiveTransfer: receiveTransferStage,
  dispatchTransfer: dispatchTransferStage,
  takeArrival: takeArrivalStage,
  cancelTransfer: cancelTransferStage,
  stopTransfer: stopTransferStage,
  loseTransfer: loseTransferStage,
  deliver: deliverStage,
  failDelivery: failDeliveryStage,
  bringBack: bringBackStage,
  loseShipment: loseShipmentStage,
  return: returnStage,
  authoriseReturn: authoriseReturnStage,
  cancelReturn: cancelReturnStage,
  receiveReturn: receiveReturnStage,
  disposeReturn: disposeReturnStage,
  exchangeReturn: exchangeReturnStage,
  openStock: openStockStage,
  heedBeliefs: heedBeliefsStage,
  addCost: addCostStage,
  setValuation: setValuationStage,
  correctValue: correctValueStage,
  closePeriod: closePeriodStage,
  lose: loseStage,
  undoLoss: undoLossStage,
  writeOffExpired: writeOffExpiredStage,
  count: countStage,
  openCountSheet: openCountSheetStage,
  enterCounts: enterCountsStage,
  closeCountSheet: closeCountSheetStage,
  approveCountSheet: approveCountSheetStage,
  cancelCountSheet: cancelCountSheetStage,
  ...planningStages,
  ...backtestStages,
  ...peopleStages,
  createItems: createItemsStage,
  setItemSupply: setItemSupplyStage,
  setItemCategory: setItemCategoryStage,
  setExpiryWriteOff: setExpiryWriteOffStage,
  setServiceLevel: setServiceLevelStage,
  createParties: createPartiesStage,
  setSupplierItems: setSupplierItemsStage,
  setBills: setBillsStage,
  setPriceBook: setPriceBookStage,
  setSiteSources: setSiteSourcesStage,
  setKits: setKitsStage,
  setBackorderClasses: setBackorderClassesStage,
  reallocate: reallocateStage,
  setSourcing: setSourcingStage,
  setSubstitutes: setSubstitutesStage,
  setUnits: setUnitsStage,
  removeUnits: removeUnitsStage,
  createSite: createSiteStage,
  createPlaces: createPlacesStage,
  createServices: createServicesStage,
  createKey: createKeyStage,
  revokeKey: revokeKeyStage,
}

/** The stage of a command. */
export const stageOf = (command: Command): Stage<Command> => stages[command.kind]

/** Tills go first: a person stands there with the goods in hand. */
export const isUrgent = (command: Command): boolean => command.kind === 'sell'

/** How many lines a batch must reckon with. */
export const weightOf = (command: Command): number => ('lines' in command && command.lines !== null ? command.lines.length : 1)
