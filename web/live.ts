// Live: the feed of events in brief, and what it makes stale. News say that something changed, never what a page shows: pages ask again, at most once a
// second, so a busy site costs a reader no more than a quiet one. Lists that somebody has scrolled far down stay as they are.

import { useQueryClient, type Query } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

export type Liveness = 'connecting' | 'live' | 'offline'

const ASK_AGAIN_MILLISECONDS = 1_000
const RECONNECT_MILLISECONDS = 5_000
const FOLLOWED_PAGES_MAX = 2

/** Put into the meta of a query whose answer changes with what happens. */
export const live = { live: true } as const

const follows = (query: Query): boolean => {
  const { pages } = (query.state.data ?? {}) as { readonly pages?: readonly unknown[] }
  return query.meta?.['live'] === true && (pages === undefined || pages.length <= FOLLOWED_PAGES_MAX)
}

export function useLiveness(): Liveness {
  const queries = useQueryClient()
  const [liveness, setLiveness] = useState<Liveness>('connecting')
  useEffect(() => {
    let [source, waiting, again]: [EventSource | undefined, number | undefined, number | undefined] = [undefined, undefined, undefined]
    const refresh = (): void => {
      waiting ??= window.setTimeout(() => {
        waiting = undefined
        void queries.invalidateQueries({ predicate: follows })
      }, ASK_AGAIN_MILLISECONDS)
    }
    const connect = (): void => {
      source = new EventSource('/api/events?brief=true')
      source.addEventListener('open', () => {
        setLiveness('live')
        // What happened while nobody listened.
        refresh()
      })
      source.addEventListener('message', refresh)
      source.addEventListener('error', () => {
        setLiveness('offline')
        if (source?.readyState !== EventSource.CLOSED) return
        // The browser has given up, as it does when the session has ended.
        again = window.setTimeout(connect, RECONNECT_MILLISECONDS)
      })
    }
    connect()
    return () => {
      source?.close()
      window.clearTimeout(waiting)
      window.clearTimeout(again)
    }
  }, [queries])
  return liveness
}
