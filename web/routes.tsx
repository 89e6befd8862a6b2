// Routes: every page of the console, its address and what its address may hold. Pages are loaded when they are opened.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, retainSearchParams, type SearchSchemaInput } from '@tanstack/react-router'
import { countStates, type CountState } from '../core/count-sheet.ts'
import { conditions } from '../core/move.ts'
import { orderStates, type OrderState } from '../core/order.ts'
import { pickStages, type PickStage } from '../core/pick-stage.ts'
import { rmaStates, type RmaState } from '../core/rma.ts'
import { shipmentStates, type ShipmentState } from '../core/tracking.ts'
import { transferStates, type TransferState } from '../core/transfer.ts'
import { Frame } from './frame.tsx'
import { explainFigures, type ExplainSearch } from './explain-search.ts'
import { countListSearch, type CountListSearch } from './loop/count-list-search.ts'
import { estimateSearch, movesSearch, shrinkageSearch, type MovesSearch, type ShrinkageSearch } from './loop/shrinkage-search.ts'
import type { AuditSearch } from './people/audit-search.ts'
import { Crashed, NotFound } from './ui/tell.tsx'

interface Anywhere {
  readonly site?: string
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined
/** Text that may be empty: then it asks for what has none. */
const textOrNone = (value: unknown): string | undefined => (value === '' ? '' : textOf(value))
const only = <Value extends object>(value: Value): Value => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value
const stateOf = (value: unknown): OrderState | undefined => orderStates.find((one) => one === value)

/** An item at a place, that a form begins with. */
const aboutPlace = (search: Record<string, unknown> & SearchSchemaInput): { place?: string; sku?: string; lot?: string } =>
  only({ place: textOf(search['place']), sku: textOf(search['sku']), lot: textOf(search['lot']) }) as { place?: string; sku?: string; lot?: string }

/** Which figure of an item is explained, and of which part of it. */
const explained = (search: Record<string, unknown> & SearchSchemaInput): ExplainSearch =>
  only({
    figure: explainFigures.find((one) => one === search['figure']),
    place: textOf(search['place']),
    lot: textOf(search['lot']),
    serial: textOf(search['serial']),
    condition: conditions.find((one) => one === search['condition']),
  }) as ExplainSearch

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown> & SearchSchemaInput): Anywhere => only({ site: textOf(search['site']) }) as Anywhere,
  search: { middlewares: [retainSearchParams(['site'])] },
  component: Frame,
  notFoundComponent: NotFound,
})

const route = createRoute
const pages = [
  route({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('./flow/flow.tsx'), 'FlowPage') }),
  route({
    getParentRoute: () => root,
    path: '/orders',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { state?: OrderState; customer?: string } =>
      only({ state: stateOf(search['state']), customer: textOf(search['customer']) }) as { state?: OrderState; customer?: string },
    component: lazyRouteComponent(() => import('./flow/orders.tsx'), 'OrdersPage'),
  }),
  route({ getParentRoute: () => root, path: '/orders/new', component: lazyRouteComponent(() => import('./flow/new-order.tsx'), 'NewOrderPage') }),
  route({ getParentRoute: () => root, path: '/orders/$number', component: lazyRouteComponent(() => import('./flow/order.tsx'), 'OrderPage') }),
  route({
    getParentRoute: () => root,
    path: '/orders/$number/explain/$line',
    component: lazyRouteComponent(() => import('./flow/order-explain.tsx'), 'OrderExplainPage'),
  }),
  route({ getParentRoute: () => root, path: '/plan', component: lazyRouteComponent(() => import('./loop/plan.tsx'), 'PlanPage') }),
  route({ getParentRoute: () => root, path: '/plan/$id', component: lazyRouteComponent(() => import('./loop/plan-order.tsx'), 'PlanOrderPage') }),
  route({ getParentRoute: () => root, path: '/events', component: lazyRouteComponent(() => import('./loop/demand-events.tsx'), 'DemandEventsPage') }),
  route({ getParentRoute: () => root, path: '/backtests', component: lazyRouteComponent(() => import('./loop/backtests.tsx'), 'BacktestsPage') }),
  route({
    getParentRoute: () => root,
    path: '/backtests/$id',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { beside?: string } =>
      only({ beside: textOf(search['beside']) }) as { beside?: string },
    component: lazyRouteComponent(() => import('./loop/backtest.tsx'), 'BacktestPage'),
  }),
  route({ getParentRoute: () => root, path: '/shortages', component: lazyRouteComponent(() => import('./flow/shortages.tsx'), 'ShortagesPage') }),
  route({ getParentRoute: () => root, path: '/purchases', component: lazyRouteComponent(() => import('./flow/purchases.tsx'), 'PurchasesPage') }),
  route({ getParentRoute: () => root, path: '/purchases/$id', component: lazyRouteComponent(() => import('./flow/purchase.tsx'), 'PurchasePage') }),
  route({
    getParentRoute: () => root,
    path: '/work-orders',
    component: lazyRouteComponent(() => import('./flow/work-orders.tsx'), 'WorkOrdersPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/work-orders/$id',
    component: lazyRouteComponent(() => import('./flow/work-order.tsx'), 'WorkOrderPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/shipments',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { state?: ShipmentState } =>
      only({ state: shipmentStates.find((one) => one === search['state']) }) as { state?: ShipmentState },
    component: lazyRouteComponent(() => import('./flow/shipments.tsx'), 'ShipmentsPage'),
  }),
  route({ getParentRoute: () => root, path: '/shipments/$id', component: lazyRouteComponent(() => import('./flow/shipment.tsx'), 'ShipmentPage') }),
  route({
    getParentRoute: () => root,
    path: '/picks',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { stage?: PickStage } =>
      only({ stage: pickStages.find((one) => one === search['stage']) }) as { stage?: PickStage },
    component: lazyRouteComponent(() => import('./flow/picks.tsx'), 'PicksPage'),
  }),
  route({ getParentRoute: () => root, path: '/picks/$number', component: lazyRouteComponent(() => import('./flow/pick.tsx'), 'PickPage') }),
  route({
    getParentRoute: () => root,
    path: '/returns',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { state?: RmaState } =>
      only({ state: rmaStates.find((one) => one === search['state']) }) as { state?: RmaState },
    component: lazyRouteComponent(() => import('./flow/returns.tsx'), 'ReturnsPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/returns/new',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { order?: string } =>
      only({ order: textOf(search['order']) }) as { order?: string },
    component: lazyRouteComponent(() => import('./flow/new-return.tsx'), 'NewReturnPage'),
  }),
  route({ getParentRoute: () => root, path: '/returns/$id', component: lazyRouteComponent(() => import('./flow/return.tsx'), 'ReturnPage') }),
  route({
    getParentRoute: () => root,
    path: '/transfers',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { state?: TransferState; direction?: 'in' | 'out' } =>
      only({
        state: transferStates.find((one) => one === search['state']),
        direction: (['in', 'out'] as const).find((one) => one === search['direction']),
      }) as { state?: TransferState; direction?: 'in' | 'out' },
    component: lazyRouteComponent(() => import('./flow/transfers.tsx'), 'TransfersPage'),
  }),
  route({ getParentRoute: () => root, path: '/transfers/$id', component: lazyRouteComponent(() => import('./flow/transfer.tsx'), 'TransferPage') }),
  route({ getParentRoute: () => root, path: '/sourcing', component: lazyRouteComponent(() => import('./flow/sourcing.tsx'), 'SourcingPage') }),
  route({ getParentRoute: () => root, path: '/places', component: lazyRouteComponent(() => import('./places.tsx'), 'PlacesPage') }),
  route({ getParentRoute: () => root, path: '/places/$code', component: lazyRouteComponent(() => import('./place.tsx'), 'PlacePage') }),
  route({
    getParentRoute: () => root,
    path: '/counts',
    validateSearch: aboutPlace,
    component: lazyRouteComponent(() => import('./loop/counts.tsx'), 'CountsPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/count-list',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): CountListSearch => countListSearch(search),
    component: lazyRouteComponent(() => import('./loop/count-list.tsx'), 'CountListPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/count-sheets',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { state?: CountState } =>
      only({ state: countStates.find((one) => one === search['state']) }) as { state?: CountState },
    component: lazyRouteComponent(() => import('./loop/count-sheets.tsx'), 'CountSheetsPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/count-sheets/$id',
    component: lazyRouteComponent(() => import('./loop/count-sheet.tsx'), 'CountSheetPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/count-sheets/$id/count',
    component: lazyRouteComponent(() => import('./loop/counting.tsx'), 'CountingPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/losses',
    validateSearch: aboutPlace,
    component: lazyRouteComponent(() => import('./loop/losses.tsx'), 'LossesPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/shrinkage',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): ShrinkageSearch => shrinkageSearch(search),
    component: lazyRouteComponent(() => import('./loop/shrinkage.tsx'), 'ShrinkagePage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/shrinkage/moves',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): MovesSearch => movesSearch(search),
    component: lazyRouteComponent(() => import('./loop/shrinkage-moves.tsx'), 'ShrinkageMovesPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/shrinkage/estimate',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { on?: string } => estimateSearch(search),
    component: lazyRouteComponent(() => import('./loop/shrinkage-estimate.tsx'), 'ShrinkageEstimatePage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/items',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { search?: string; category?: string } =>
      only({ search: textOf(search['search']), category: textOrNone(search['category']) }) as { search?: string; category?: string },
    component: lazyRouteComponent(() => import('./items.tsx'), 'ItemsPage'),
  }),
  route({ getParentRoute: () => root, path: '/items/$sku', component: lazyRouteComponent(() => import('./item.tsx'), 'ItemPage') }),
  route({
    getParentRoute: () => root,
    path: '/items/$sku/trace',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { lot?: string; serial?: string } =>
      only({ lot: textOf(search['lot']), serial: textOf(search['serial']) }) as { lot?: string; serial?: string },
    component: lazyRouteComponent(() => import('./trace.tsx'), 'TracePage'),
  }),
  route({ getParentRoute: () => root, path: '/recalls', component: lazyRouteComponent(() => import('./recalls.tsx'), 'RecallsPage') }),
  route({
    getParentRoute: () => root,
    path: '/items/$sku/explain',
    validateSearch: explained,
    component: lazyRouteComponent(() => import('./explain.tsx'), 'ExplainPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/stock',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { search?: string; by?: 'place' } =>
      only({ search: textOf(search['search']), by: search['by'] === 'place' ? ('place' as const) : undefined }) as { search?: string; by?: 'place' },
    component: lazyRouteComponent(() => import('./stock.tsx'), 'StockPage'),
  }),
  route({
    getParentRoute: () => root,
    path: '/values',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): { on?: string } => only({ on: textOf(search['on']) }) as { on?: string },
    component: lazyRouteComponent(() => import('./values.tsx'), 'ValuesPage'),
  }),
  route({ getParentRoute: () => root, path: '/exceptions', component: lazyRouteComponent(() => import('./loop/exceptions.tsx'), 'ExceptionsPage') }),
  route({
    getParentRoute: () => root,
    path: '/exceptions/$id',
    component: lazyRouteComponent(() => import('./loop/exception.tsx'), 'ExceptionPage'),
  }),
  route({ getParentRoute: () => root, path: '/users', component: lazyRouteComponent(() => import('./people/users.tsx'), 'UsersPage') }),
  route({ getParentRoute: () => root, path: '/users/$name', component: lazyRouteComponent(() => import('./people/user.tsx'), 'UserPage') }),
  route({ getParentRoute: () => root, path: '/keys', component: lazyRouteComponent(() => import('./people/keys.tsx'), 'KeysPage') }),
  route({
    getParentRoute: () => root,
    path: '/audit',
    validateSearch: (search: Record<string, unknown> & SearchSchemaInput): AuditSearch =>
      only({
        actor: textOf(search['actor']),
        document: textOf(search['document']),
        from: textOf(search['from']),
        until: textOf(search['until']),
        here: search['here'] === true ? true : undefined,
      }) as AuditSearch,
    component: lazyRouteComponent(() => import('./people/audit.tsx'), 'AuditPage'),
  }),
  route({ getParentRoute: () => root, path: '/account', component: lazyRouteComponent(() => import('./people/account.tsx'), 'AccountPage') }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(pages),
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  defaultNotFoundComponent: NotFound,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
