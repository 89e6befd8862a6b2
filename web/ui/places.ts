// Places: where one can go in the console, in the order of the flow; the menu and the keyboard read the same list.

import type { EndpointName } from '../client.ts'
import type { IconName } from './icons.tsx'

export interface PlaceToGo {
  readonly to:
    | '/'
    | '/orders'
    | '/shortages'
    | '/purchases'
    | '/work-orders'
    | '/picks'
    | '/shipments'
    | '/returns'
    | '/transfers'
    | '/sourcing'
    | '/items'
    | '/stock'
    | '/places'
    | '/values'
    | '/recalls'
    | '/exceptions'
    | '/counts'
    | '/count-list'
    | '/count-sheets'
    | '/losses'
    | '/shrinkage'
    | '/plan'
    | '/backtests'
    | '/users'
    | '/keys'
    | '/audit'
    | '/account'
  readonly name: string
  readonly icon: IconName
  /** Pressed after `g`. */
  readonly key: string
  readonly group: 'Flow' | 'Stock' | 'Loop' | 'People'
  /** What one must be allowed to see. */
  readonly needs: EndpointName
}

export const places: readonly PlaceToGo[] = [
  { to: '/', name: 'Overview', icon: 'flow', key: 'f', group: 'Flow', needs: 'getFlow' },
  { to: '/orders', name: 'Orders', icon: 'orders', key: 'o', group: 'Flow', needs: 'listOrders' },
  { to: '/shortages', name: 'Shortages', icon: 'short', key: 'h', group: 'Flow', needs: 'listShortages' },
  { to: '/purchases', name: 'Purchase orders', icon: 'purchase', key: 'p', group: 'Flow', needs: 'listPurchases' },
  { to: '/work-orders', name: 'Work orders', icon: 'produce', key: 'w', group: 'Flow', needs: 'listWorkOrders' },
  { to: '/picks', name: 'Pick lists', icon: 'picks', key: 'k', group: 'Flow', needs: 'listPickLists' },
  { to: '/shipments', name: 'Shipments', icon: 'transport', key: 't', group: 'Flow', needs: 'listShipments' },
  { to: '/returns', name: 'Returns', icon: 'again', key: 'd', group: 'Flow', needs: 'listReturns' },
  { to: '/transfers', name: 'Transfers', icon: 'transfers', key: 'r', group: 'Flow', needs: 'listTransfers' },
  { to: '/sourcing', name: 'Sourcing', icon: 'sourcing', key: 'x', group: 'Flow', needs: 'getSourcing' },
  { to: '/items', name: 'Items', icon: 'items', key: 'i', group: 'Stock', needs: 'listItems' },
  { to: '/stock', name: 'Stock', icon: 'stock', key: 's', group: 'Stock', needs: 'listAvailability' },
  { to: '/places', name: 'Places', icon: 'places', key: 'b', group: 'Stock', needs: 'listPlaces' },
  { to: '/values', name: 'Inventory value', icon: 'value', key: 'v', group: 'Stock', needs: 'listValues' },
  { to: '/recalls', name: 'Recalls', icon: 'recalls', key: 'q', group: 'Stock', needs: 'listRecalls' },
  { to: '/exceptions', name: 'Exceptions', icon: 'exceptions', key: 'e', group: 'Loop', needs: 'listExceptions' },
  { to: '/counts', name: 'Counts', icon: 'counts', key: 'c', group: 'Loop', needs: 'count' },
  { to: '/count-list', name: 'Count list', icon: 'counts', key: 'j', group: 'Loop', needs: 'openCountSheet' },
  { to: '/count-sheets', name: 'Count sheets', icon: 'picks', key: 'z', group: 'Loop', needs: 'listCountSheets' },
  { to: '/losses', name: 'Losses', icon: 'losses', key: 'l', group: 'Loop', needs: 'lose' },
  { to: '/shrinkage', name: 'Shrinkage', icon: 'shrinkage', key: 'n', group: 'Loop', needs: 'getShrinkage' },
  { to: '/plan', name: 'Plan', icon: 'plan', key: 'g', group: 'Loop', needs: 'getPlan' },
  { to: '/backtests', name: 'Back-test', icon: 'backtest', key: '9', group: 'Loop', needs: 'listBacktests' },
  { to: '/users', name: 'Users', icon: 'users', key: 'u', group: 'People', needs: 'listUsers' },
  { to: '/keys', name: 'Keys', icon: 'key', key: 'y', group: 'People', needs: 'listKeys' },
  { to: '/audit', name: 'Audit trail', icon: 'audit', key: 'a', group: 'People', needs: 'listAudit' },
  { to: '/account', name: 'Your account', icon: 'person', key: 'm', group: 'People', needs: 'listSessions' },
]
