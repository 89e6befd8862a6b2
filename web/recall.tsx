// Recall: what a recall of a lot would hold and whom it would hurt, told before it is done; the recall itself; and its end.

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { write, type Answer, type Problem } from './client.ts'
import { useMay } from './session.tsx'
import type { Trace } from './traced.ts'
import styles from './trace.module.css'
import { Dialog } from './ui/dialog.tsx'
import { typedIn } from './ui/form.ts'
import { number } from './ui/format.ts'
import { ProblemBox, Told } from './ui/tell.tsx'
import { useWrite } from './ui/use-write.ts'

interface Label {
  readonly sku: string
  readonly lot: string
  readonly serial: string
}

type Rehearsed = Answer<'rehearseRecall'>

/** Orders that are named before a recall; the others are counted. */
const NAMED_MAX = 8

export function RecallActions({ recall, ...label }: Label & { readonly recall: Trace['recall'] }) {
  const may = useMay()
  const [asking, setAsking] = useState(false)
  const lift = useWrite<{ readonly id: string }, unknown>(({ id }, key) => write('POST', '/api/recalls/{id}/lifting', { params: { id }, key }))
  return (
    <>
      {recall !== null && may('liftRecall') && (
        <Button variant="default" loading={lift.isPending} onClick={() => lift.mutate({ id: recall.id })}>
          End the recall
        </Button>
      )}
      {may('recallLot') && <Button onClick={() => setAsking(true)}>{recall === null ? 'Recall' : 'Recall what came since'}</Button>}
      {lift.error !== null && <ProblemBox problem={lift.error} />}
      {asking && <RecallDialog {...label} onClose={() => setAsking(false)} />}
    </>
  )
}

function RecallDialog({ onClose, ...label }: Label & { readonly onClose: () => void }) {
  const query = useQuery<Rehearsed, Problem>({
    queryKey: ['recall-rehearsal', label],
    queryFn: () => write('POST', '/api/recall-rehearsals', { body: label }),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const recall = useWrite<{ readonly reason: string }, unknown>(
    ({ reason }, key) => write('POST', '/api/recalls', { body: { ...label, reason }, key }),
    {
      onDone: onClose,
    },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    recall.mutate({ reason: typedIn(event.currentTarget, 'reason').trim() })
  }
  return (
    <Dialog title={`Recall ${label.serial || label.lot} of ${label.sku}`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <Told query={query} rows={3}>
          {(rehearsed) => <WouldDo rehearsed={rehearsed} />}
        </Told>
        <TextInput name="reason" label="Why" description="Those who must act on it read this" required maxLength={500} data-autofocus />
        {recall.error !== null && <ProblemBox problem={recall.error} />}
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button type="submit" color="red" loading={recall.isPending}>
            Recall
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function WouldDo({ rehearsed: { held, shorted, workOrders } }: { readonly rehearsed: Rehearsed }) {
  const pieces = held.reduce((sum, row) => sum + row.quantity, 0)
  const sites = new Set(held.map((row) => row.site)).size
  const hurt = shorted.filter((row) => row.order !== null)
  return (
    <div>
      <p>
        {pieces === 0 ? 'Nothing that can be sold would be held.' : `${number(pieces)} pieces at ${number(sites)} sites could not be sold any more.`}
        {workOrders > 0 && ` What ${number(workOrders)} open work orders make would be held too.`}
      </p>
      {hurt.length > 0 && (
        <>
          <p>Orders that would wait again:</p>
          <ul className={styles['list']}>
            {hurt.slice(0, NAMED_MAX).map((row) => (
              <li key={`${row.order} ${row.line}`}>
                {row.order}, {row.customerName ?? 'nobody named'}: {number(row.quantity)} of {row.sku}
              </li>
            ))}
            {hurt.length > NAMED_MAX && <li>and {number(hurt.length - NAMED_MAX)} more</li>}
          </ul>
        </>
      )}
    </div>
  )
}
