// Undo loss: takes back a loss that was entered in error. It asks why, since the move that takes it back stays in the ledger for ever.

import { Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { write, type Answer, type RowOf } from '../client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { money, number } from '../ui/format.ts'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './loop.module.css'

interface UndoLossProps {
  readonly site: string
  readonly row: RowOf<'listDifferences'>
  readonly mayUndo: boolean
}

export function UndoLoss({ site, row, mayUndo }: UndoLossProps) {
  const [asks, setAsks] = useState(false)
  if (!row.entered) return null
  if (row.undone) return <span className={styles['soft']}>Undone</span>
  if (!mayUndo) return null
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setAsks(true)} aria-label={`Undo the loss of ${row.sku}`}>
        Undo
      </Button>
      {asks && <Asks site={site} row={row} onClose={() => setAsks(false)} />}
    </>
  )
}

function Asks({ site, row, onClose }: Omit<UndoLossProps, 'mayUndo'> & { readonly onClose: () => void }) {
  const undo = useWrite<string, Answer<'undoLoss'>>(
    (note, key) => write('POST', '/api/losses/{id}/reversal', { params: { id: row.document }, body: { site, note }, key }),
    { onDone: onClose },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    undo.mutate(typedIn(event.currentTarget, 'note').trim())
  }
  return (
    <Dialog title={`Undo the loss of ${row.sku}`} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{`${number(-row.difference)} come back to ${row.place ?? 'where they were'}, worth ${money(-row.value)}. Both moves stay in the ledger.`}</p>
        <TextInput name="note" label="Reason" maxLength={4_000} autoComplete="off" data-autofocus />
        {undo.error !== null && <ProblemBox problem={undo.error} />}
        <div className={styles['buttons']}>
          <Button type="submit" loading={undo.isPending}>
            Undo the loss
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
