// Actions: a button for each thing that can be done with a document now. Most ask something first, in a dialog that stays open until it is done and
// shows why it was refused; what needs no answer is done at once.

import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import { ProblemBox } from './tell.tsx'
import { useWrite } from './use-write.ts'

/** What a form in the dialog is given. */
export interface Asking<Act> {
  readonly isBusy: boolean
  readonly onAct: (act: Act) => void
  /** Why it was refused; stands in the form. */
  readonly children: ReactNode
}

interface ActionsProps<Action extends string, Act> {
  /** What may be done, as the buttons stand. */
  readonly actions: readonly Action[]
  readonly words: Readonly<Record<Action, string>>
  /** What is usually done next. */
  readonly main: readonly Action[]
  /** With what it is done, e.g. "purchase 4f2a". */
  readonly of: string
  readonly send: (act: Act, key: string) => Promise<unknown>
  /** What is sent for an action that asks nothing. */
  readonly atOnce?: (action: Action) => Act | undefined
  readonly form: (action: Action, asking: Asking<Act>) => ReactNode
}

export function Actions<Action extends string, Act extends { readonly action: Action }>({
  actions,
  words,
  main,
  of,
  send,
  atOnce = () => undefined,
  form,
}: ActionsProps<Action, Act>) {
  const [asking, setAsking] = useState<Action>()
  const act = useWrite<Act, unknown>(send, { onDone: () => setAsking(undefined) })
  const begin = (action: Action): void => {
    act.reset()
    const what = atOnce(action)
    if (what === undefined) setAsking(action)
    else act.mutate(what)
  }
  return (
    <>
      {actions.map((action) => (
        <Button
          key={action}
          variant={main.includes(action) ? 'filled' : 'default'}
          loading={act.isPending && act.variables.action === action}
          onClick={() => begin(action)}
        >
          {words[action]}
        </Button>
      ))}
      {act.error !== null && asking === undefined && <ProblemBox problem={act.error} retry={() => act.mutate(act.variables)} />}
      {asking !== undefined && (
        <Dialog title={`${words[asking]}: ${of}`} onClose={() => setAsking(undefined)}>
          {form(asking, { isBusy: act.isPending, onAct: act.mutate, children: act.error !== null && <ProblemBox problem={act.error} /> })}
        </Dialog>
      )}
    </>
  )
}
