// Handlers: which endpoint is answered by what. Every endpoint of api/ has exactly one; a test holds both lists together. Each is typed by its
// endpoint's schemas where it stands; here they are looked up by name, behind the route that has parsed what they take.

import { asOfReaders, periodWriters } from './as-of.ts'
import { listAudit } from './audit.ts'
import { backorderReaders, backorderWriters } from './backorder.ts'
import { beliefHistoryReaders } from './belief-history.ts'
import { beliefReaders } from './belief.ts'
import { collectionWriters } from './collect.ts'
import type { Direct, Reader, Writer } from './call.ts'
import { countSheetReaders, countSheetWriters } from './count-sheet.ts'
import { consignmentWriters } from './consignment.ts'
import { exceptionReaders, exceptionWriters } from './exceptions.ts'
import { explainAvailability } from './explain-availability.ts'
import { explainPromise } from './explain-promise.ts'
import { explainQuantity } from './explain.ts'
import { worthExplained } from './explain-value.ts'
import { getFlow } from './flow.ts'
import { demandEventReaders, demandEventWriters } from './demand-event.ts'
import { forecastReaders, forecastWriters } from './forecast.ts'
import { itemHistoryReaders } from './item-history.ts'
import { kitReaders, kitWriters } from './kit.ts'
import { lineSupplyWriters } from './line-supply.ts'
import { masterReaders, masterWriters } from './master.ts'
import { creditReaders, creditWriters } from './credit.ts'
import { orderHoldWriters } from './order-hold.ts'
import { orderLists } from './order-lists.ts'
import { orderReaders, orderWriters } from './order.ts'
import { peopleReaders, peopleWriters } from './people.ts'
import { backtestReaders, backtestWriters } from './backtest.ts'
import { planReaders, planWriters } from './plan.ts'
import { planItemWriters } from './plan-item.ts'
import { planTermsReaders, planTermsWriters } from './plan-terms.ts'
import { priceReaders } from './price-lists.ts'
import { priceWriters, quoteOrder } from './price.ts'
import { ready } from './ready.ts'
import { getSession, signIn, signOut } from './session.ts'
import { pickReaders } from './picks.ts'
import { purchaseReaders, purchaseWriters } from './purchase.ts'
import { recallReaders, recallWriters } from './recall.ts'
import { recordAccuracyReaders } from './record-accuracy.ts'
import { returnReaders, returnWriters } from './return.ts'
import { shippingReaders, shippingWriters } from './shipping.ts'
import { shrinkageEstimateReaders } from './shrinkage-estimate.ts'
import { shrinkageReaders, shrinkageWriters } from './shrinkage.ts'
import { stockReaders } from './stock-lists.ts'
import { askPromise, stockWriters } from './stock.ts'
import { sourcingReaders, sourcingWriters } from './sourcing.ts'
import { storageWriters } from './storage.ts'
import { transferLists } from './transfer-lists.ts'
import { traceLot } from './trace.ts'
import { transferReaders, transferWriters } from './transfer.ts'
import { unitReaders, unitWriters } from './units.ts'
import { valuationReaders, valuationWriters } from './valuation.ts'
import { workOrderReaders, workOrderWriters } from './work-order.ts'

const health: Reader = async () => ({ ok: true })

export const writers = {
  ...orderWriters,
  ...orderHoldWriters,
  ...creditWriters,
  ...collectionWriters,
  ...lineSupplyWriters,
  ...sourcingWriters,
  ...kitWriters,
  ...unitWriters,
  ...backorderWriters,
  ...purchaseWriters,
  ...consignmentWriters,
  ...workOrderWriters,
  ...transferWriters,
  ...stockWriters,
  ...countSheetWriters,
  ...shrinkageWriters,
  ...storageWriters,
  ...exceptionWriters,
  ...planWriters,
  ...backtestWriters,
  ...planItemWriters,
  ...planTermsWriters,
  ...forecastWriters,
  ...demandEventWriters,
  ...valuationWriters,
  ...periodWriters,
  ...recallWriters,
  ...shippingWriters,
  ...priceWriters,
  ...returnWriters,
  ...masterWriters,
  ...peopleWriters,
} as unknown as Readonly<Record<string, Writer>>
export const readers = {
  ...orderReaders,
  ...orderLists,
  ...sourcingReaders,
  ...kitReaders,
  ...unitReaders,
  ...backorderReaders,
  ...planReaders,
  ...backtestReaders,
  ...planTermsReaders,
  ...forecastReaders,
  ...demandEventReaders,
  ...creditReaders,
  ...purchaseReaders,
  ...workOrderReaders,
  ...transferReaders,
  ...transferLists,
  ...stockReaders,
  ...countSheetReaders,
  ...shrinkageReaders,
  ...shrinkageEstimateReaders,
  ...pickReaders,
  ...exceptionReaders,
  ...valuationReaders,
  ...asOfReaders,
  ...itemHistoryReaders,
  ...beliefReaders,
  ...beliefHistoryReaders,
  ...recordAccuracyReaders,
  ...recallReaders,
  ...shippingReaders,
  ...priceReaders,
  ...returnReaders,
  ...masterReaders,
  ...peopleReaders,
  ...worthExplained,
  askPromise,
  explainAvailability,
  explainPromise,
  explainQuantity,
  quoteOrder,
  getFlow,
  health,
  listAudit,
  traceLot,
} as unknown as Readonly<Record<string, Reader>>
/** Those that answer by themselves, since they set cookies or a status of their own. Orders in bulk and events are streamed by the server. */
export const directs: Readonly<Record<string, Direct>> = { signIn, signOut, getSession, ready }
