// Belief query: what is believed of an item at a site, asked once for all panels of its page.

import { queryOptions } from '@tanstack/react-query'
import { read, type Answer, type Problem } from './client.ts'
import { live } from './live.ts'

export type Belief = Answer<'getBelief'>
export type BeliefHistory = Answer<'getBeliefHistory'>
interface Of {
  readonly sku: string
  readonly site: string
}

/** Asked of the list first, which answers also of an item of which nothing is believed. */
export const isBelievedQuery = ({ sku, site }: Of) =>
  queryOptions<Answer<'listBeliefs'>, Problem>({
    queryKey: ['item', sku, 'is-believed', site],
    queryFn: ({ signal }) => read('/api/beliefs', { query: { site, sku, limit: 1 } }, signal),
    enabled: site !== '',
    meta: live,
  })

export const beliefQuery = ({ sku, site }: Of) =>
  queryOptions<Belief, Problem>({
    queryKey: ['item', sku, 'belief', site],
    queryFn: ({ signal }) => read('/api/items/{sku}/belief', { params: { sku }, query: { site } }, signal),
    meta: live,
  })

/** Worked out anew when the item's events are others, not whenever anything happens anywhere. */
export const beliefHistoryQuery = ({ sku, site, days, events }: Of & { readonly days: number; readonly events: number }) =>
  queryOptions<BeliefHistory, Problem>({
    queryKey: ['item', sku, 'belief-history', site, days, events],
    queryFn: ({ signal }) => read('/api/items/{sku}/belief/history', { params: { sku }, query: { site, days } }, signal),
    placeholderData: (before) => (before?.sku === sku ? before : undefined),
  })
