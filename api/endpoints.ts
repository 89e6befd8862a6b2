// Every endpoint of the product.

import { backorderEndpoints } from './backorder.ts'
import { beliefEndpoints } from './belief.ts'
import { collectionEndpoints } from './collection.ts'
import { consignmentEndpoints } from './consignment.ts'
import { countSheetEndpoints } from './count-sheet.ts'
import { creditEndpoints } from './credit.ts'
import { demandEventEndpoints } from './demand-event.ts'
import { exceptionEndpoints } from './exception.ts'
import { explainEndpoints } from './explain.ts'
import { flowEndpoints } from './flow.ts'
import { itemHistoryEndpoints } from './item-history.ts'
import { kitEndpoints } from './kit.ts'
import { lineSupplyEndpoints } from './line-supply.ts'
import { masterEndpoints } from './master.ts'
import { orderChangeEndpoints } from './order-change.ts'
import { orderHoldEndpoints } from './order-hold.ts'
import { orderEndpoints } from './order.ts'
import { peopleEndpoints } from './people.ts'
import { backtestEndpoints } from './backtest.ts'
import { planEndpoints } from './plan.ts'
import { planItemEndpoints } from './plan-item.ts'
import { planTermsEndpoints } from './plan-terms.ts'
import { priceEndpoints } from './price.ts'
import { purchaseEndpoints } from './purchase.ts'
import { recallEndpoints } from './recall.ts'
import { recordAccuracyEndpoints } from './record-accuracy.ts'
import { returnEndpoints } from './return.ts'
import { shippingEndpoints } from './shipping.ts'
import { shrinkageEndpoints } from './shrinkage.ts'
import { sourcingEndpoints } from './sourcing.ts'
import { stockEndpoints } from './stock.ts'
import { storageEndpoints } from './storage.ts'
import { transferEndpoints } from './transfer.ts'
import { unitEndpoints } from './unit.ts'
import { valuationEndpoints } from './valuation.ts'
import { workOrderEndpoints } from './work-order.ts'

export const endpoints = [
  ...orderEndpoints,
  ...orderChangeEndpoints,
  ...orderHoldEndpoints,
  ...creditEndpoints,
  ...collectionEndpoints,
  ...lineSupplyEndpoints,
  ...sourcingEndpoints,
  ...kitEndpoints,
  ...unitEndpoints,
  ...backorderEndpoints,
  ...purchaseEndpoints,
  ...consignmentEndpoints,
  ...workOrderEndpoints,
  ...transferEndpoints,
  ...stockEndpoints,
  ...countSheetEndpoints,
  ...shrinkageEndpoints,
  ...exceptionEndpoints,
  ...storageEndpoints,
  ...valuationEndpoints,
  ...itemHistoryEndpoints,
  ...beliefEndpoints,
  ...recordAccuracyEndpoints,
  ...explainEndpoints,
  ...recallEndpoints,
  ...shippingEndpoints,
  ...returnEndpoints,
  ...flowEndpoints,
  ...planEndpoints,
  ...demandEventEndpoints,
  ...backtestEndpoints,
  ...planItemEndpoints,
  ...planTermsEndpoints,
  ...priceEndpoints,
  ...masterEndpoints,
  ...peopleEndpoints,
] as const

export type EndpointName = (typeof endpoints)[number]['name']
