// Use counted: the queue of what was counted on this device, as a page shows it; it is sent by itself, at once and again after the line was broken.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { mayPass, newKey, Problem, write } from '../client.ts'
import { added, answered, keep, kept, nameOf, waiting, without, type Counted, type Kept } from './count-queue.ts'

const AGAIN_MILLISECONDS = 3_000
/** What the server takes at once. */
const ENTRIES_MAX = 500

export interface CountedHere {
  readonly queue: readonly Kept[]
  /** Why what waits is not sent. */
  readonly problem: Problem | undefined
  readonly add: (counted: Counted) => void
  readonly drop: (entry: string) => void
  readonly sendNow: () => void
}

export function useCounted(user: string, site: string, sheet: string): CountedHere {
  const queries = useQueryClient()
  const name = nameOf(user, site, sheet)
  const [queue, setQueue] = useState<readonly Kept[]>(() => kept(name))
  const [problem, setProblem] = useState<Problem>()
  const isSending = useRef(false)
  // Read anew before each change: the same sheet may be open twice.
  const change = (next: (queue: readonly Kept[]) => readonly Kept[]): void => {
    const changed = next(kept(name))
    keep(name, changed)
    setQueue(changed)
  }
  const send = async (): Promise<void> => {
    const entries = waiting(kept(name)).slice(0, ENTRIES_MAX)
    if (isSending.current || entries.length === 0) return
    isSending.current = true
    try {
      const body = { site, entries: entries.map(({ state: _state, code: _code, detail: _detail, ...entry }) => entry) }
      const answer = await write('POST', '/api/count-sheets/{id}/entries', { params: { id: sheet }, body, key: newKey() })
      change((before) => answered(before, answer.entries))
      setProblem(undefined)
      await queries.invalidateQueries({ queryKey: ['count-sheet', site, sheet] })
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem({ detail: String(error) }))
    } finally {
      isSending.current = false
    }
  }
  const latest = useRef(send)
  latest.current = send
  const count = waiting(queue).length
  const isStuck = problem !== undefined && !mayPass(problem)
  useEffect(() => {
    if (count === 0 || isStuck) return
    void latest.current()
    const again = window.setInterval(() => void latest.current(), AGAIN_MILLISECONDS)
    const online = (): void => void latest.current()
    window.addEventListener('online', online)
    return () => {
      window.clearInterval(again)
      window.removeEventListener('online', online)
    }
  }, [count, isStuck])
  return {
    queue,
    problem,
    add: (counted) => change((before) => added(before, counted, newKey())),
    drop: (entry) => change((before) => without(before, entry)),
    sendNow: () => void send(),
  }
}
