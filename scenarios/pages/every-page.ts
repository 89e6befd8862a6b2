// Every page: the pages of the console and where they are: those of a company at work, and those of one that has just begun, where nothing is there
// to be shown and each page must say what to do next. A new page is a line here, and is looked at and pictured from then on.

import { ANN, IN_STOCK, NEW_SITE, SITE, type Documents } from './company.ts'

export type Pages = Readonly<Record<string, string>>

/** Of a company at work. */
export const pagesWithData = ({ purchase, workOrder, shipment, transfer, picked, exception, returned, sheets }: Documents): Pages => ({
  overview: `/?site=${SITE}`,
  orders: `/orders?site=${SITE}`,
  order: `/orders/${SITE}-1?site=${SITE}`,
  'order-explained': `/orders/${SITE}-1/explain/2?site=${SITE}`,
  'new-order': `/orders/new?site=${SITE}`,
  shortages: `/shortages?site=${SITE}`,
  purchases: `/purchases?site=${SITE}`,
  purchase: `/purchases/${purchase}?site=${SITE}`,
  'work-orders': `/work-orders?site=${SITE}`,
  'work-order': `/work-orders/${workOrder}?site=${SITE}`,
  shipments: `/shipments?site=${SITE}`,
  shipment: `/shipments/${shipment}?site=${SITE}`,
  picks: `/picks?site=${SITE}`,
  pick: `/picks/${picked}?site=${SITE}`,
  returns: `/returns?site=${SITE}`,
  'new-return': `/returns/new?site=${SITE}&order=${returned.order}`,
  return: `/returns/${returned.id}?site=${SITE}`,
  transfers: `/transfers?site=${SITE}`,
  transfer: `/transfers/${transfer}?site=${SITE}`,
  sourcing: `/sourcing?site=${SITE}`,
  items: `/items?site=${SITE}`,
  item: `/items/${IN_STOCK.sku}?site=${SITE}`,
  'item-explained': `/items/${IN_STOCK.sku}/explain?site=${SITE}`,
  'item-explained-empty': `/items/${IN_STOCK.sku}/explain?site=PDX`,
  'item-availability-explained': `/items/${IN_STOCK.sku}/explain?site=${SITE}&figure=availability`,
  'item-value-explained': `/items/${IN_STOCK.sku}/explain?site=${SITE}&figure=value`,
  stock: `/stock?site=${SITE}`,
  'stock-by-place': `/stock?site=${SITE}&by=place`,
  places: `/places?site=${SITE}`,
  place: `/places/DOCK?site=${SITE}`,
  values: `/values?site=${SITE}`,
  trace: `/items/RU-700/trace?site=${SITE}&lot=R-1`,
  recalls: `/recalls?site=${SITE}`,
  exceptions: `/exceptions?site=${SITE}`,
  exception: `/exceptions/${exception}?site=${SITE}`,
  counts: `/counts?site=${SITE}`,
  'count-sheets': `/count-sheets?site=${SITE}`,
  'count-sheet': `/count-sheets/${sheets.counted}?site=${SITE}`,
  counting: `/count-sheets/${sheets.open}/count?site=${SITE}`,
  losses: `/losses?site=${SITE}`,
  users: `/users?site=${SITE}`,
  user: `/users/${ANN.name}?site=${SITE}`,
  keys: `/keys?site=${SITE}`,
  audit: `/audit?site=${SITE}`,
  account: `/account?site=${SITE}`,
})

/** Of a company that has a site, somebody who may sign in, and nothing else. */
export const pagesWithoutData: Pages = {
  'overview-empty': `/?site=${NEW_SITE}`,
  'orders-empty': `/orders?site=${NEW_SITE}`,
  'new-order-empty': `/orders/new?site=${NEW_SITE}`,
  'shortages-empty': `/shortages?site=${NEW_SITE}`,
  'purchases-empty': `/purchases?site=${NEW_SITE}`,
  'work-orders-empty': `/work-orders?site=${NEW_SITE}`,
  'shipments-empty': `/shipments?site=${NEW_SITE}`,
  'picks-empty': `/picks?site=${NEW_SITE}`,
  'returns-empty': `/returns?site=${NEW_SITE}`,
  'transfers-empty': `/transfers?site=${NEW_SITE}`,
  'sourcing-empty': `/sourcing?site=${NEW_SITE}`,
  'items-empty': `/items?site=${NEW_SITE}`,
  'items-not-found': `/items?site=${NEW_SITE}&search=nothing-like-this`,
  'stock-empty': `/stock?site=${NEW_SITE}`,
  'stock-by-place-empty': `/stock?site=${NEW_SITE}&by=place`,
  'place-empty': `/places/DOCK?site=${NEW_SITE}`,
  'values-empty': `/values?site=${NEW_SITE}`,
  'recalls-empty': `/recalls?site=${NEW_SITE}`,
  'exceptions-empty': `/exceptions?site=${NEW_SITE}`,
  'counts-empty': `/counts?site=${NEW_SITE}`,
  'count-sheets-empty': `/count-sheets?site=${NEW_SITE}`,
  'losses-empty': `/losses?site=${NEW_SITE}`,
  'users-empty': `/users?site=${NEW_SITE}`,
  'keys-empty': `/keys?site=${NEW_SITE}`,
  'audit-empty': `/audit?site=${NEW_SITE}&document=NOTHING-LIKE-THIS`,
  'no-such-page': '/nowhere',
  // The last, for a live page asks again, and so is answered 404 once more after it was looked at.
  'order-unknown': `/orders/${NEW_SITE}-999?site=${NEW_SITE}`,
}

/** What asks for something that is not there is answered 404, and nothing else is. */
export const asksInVain = (path: string): boolean => path.startsWith(`/orders/${NEW_SITE}-999`)
