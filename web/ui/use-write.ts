// Use write: sends what a form or a button says. The same content sent again after a lost connection goes with the same key, so it has one effect; what
// was refused and then mended is something new.

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { mayPass, newKey, Problem } from '../client.ts'
import { live } from '../live.ts'

export function useWrite<Content, Output>(
  send: (content: Content, key: string) => Promise<Output>,
  { onDone }: { readonly onDone?: (output: Output) => void } = {},
) {
  const queries = useQueryClient()
  const last = useRef<{ readonly text: string; readonly key: string }>(undefined)
  return useMutation<Output, Problem, Content>({
    mutationFn: async (content) => {
      const text = JSON.stringify(content)
      if (last.current?.text !== text) last.current = { text, key: newKey() }
      try {
        const output = await send(content, last.current.key)
        last.current = undefined
        return output
      } catch (error) {
        if (!(error instanceof Problem && mayPass(error))) last.current = undefined
        throw error
      }
    },
    onSuccess: (output) => {
      onDone?.(output)
      return queries.invalidateQueries({ predicate: ({ meta }) => meta?.['live'] === live.live })
    },
  })
}
