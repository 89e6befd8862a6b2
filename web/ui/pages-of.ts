// Pages of: a list of the API as pages that are asked for one after another, each by the cursor of the last.

import { keepPreviousData, useInfiniteQuery, type InfiniteData } from '@tanstack/react-query'
import type { Problem } from '../client.ts'
import { live } from '../live.ts'

interface Paged<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

export const PAGE_ROWS = 100

/** `key` names the list and what narrows it; `ask` reads the page after a cursor. */
export function usePages<Row>(
  key: readonly unknown[],
  ask: (cursor: { readonly cursor?: string; readonly limit: number }, signal: AbortSignal) => Promise<Paged<Row>>,
  enabled = true,
) {
  return useInfiniteQuery<Paged<Row>, Problem, InfiniteData<Paged<Row>>, readonly unknown[], string | undefined>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask({ limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    meta: live,
    enabled,
  })
}
