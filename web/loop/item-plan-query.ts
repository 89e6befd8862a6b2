// Item plan query: what is planned of an item at a site, asked once for all panels of its page.

import { queryOptions } from '@tanstack/react-query'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'

export type ItemPlan = Answer<'getItemPlan'>

export const itemPlanQuery = ({ sku, site }: { readonly sku: string; readonly site: string }) =>
  queryOptions<ItemPlan, Problem>({
    queryKey: ['item', sku, 'plan', site],
    queryFn: ({ signal }) => read('/api/items/{sku}/plan', { params: { sku }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
