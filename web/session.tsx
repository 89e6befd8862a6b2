// Session: who is signed in and what they may do. Buttons ask `useMay`; the API asks again, so a button that should not be there does no harm.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use, type ReactNode } from 'react'
import { goOn, read, type Problem, SESSION_PATH, write, type Answer, type EndpointName } from './client.ts'

export type Session = Answer<'signIn'>

const sessionKey = ['session'] as const

/** Undefined while it is asked for, null when nobody is signed in. */
export function useSessionQuery() {
  return useQuery<Session | null, Problem>({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      const { user, can } = await read(SESSION_PATH, {}, signal)
      return user === null ? null : { user, can }
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: (tries, error) => error.code === 'offline' && tries < 3,
  })
}

/** Signs in, and lets go on what waited for it. Another person starts with nothing of what the first one saw. */
export function useSignIn() {
  const queries = useQueryClient()
  return async (name: string, password: string): Promise<void> => {
    const before = queries.getQueryData<Session | null>(sessionKey)
    const session = await write('POST', SESSION_PATH, { body: { name, password } })
    if (before && before.user.name !== session.user.name) queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
    queries.setQueryData(sessionKey, session)
    goOn()
  }
}

export function useSignOut() {
  const queries = useQueryClient()
  return async (): Promise<void> => {
    await write('DELETE', SESSION_PATH, {})
    queries.clear()
    queries.setQueryData(sessionKey, null)
  }
}

const SessionContext = createContext<Session | undefined>(undefined)

export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>
}

export function useSession(): Session {
  const session = use(SessionContext)
  if (session === undefined) throw new Error('Nobody is signed in here.')
  return session
}

/** Whether who is signed in may call an endpoint. */
export function useMay(): (name: EndpointName) => boolean {
  const { can } = useSession()
  return (name) => can.includes(name)
}
