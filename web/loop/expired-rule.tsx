// Expired rule: after how many days what expired at a site is written off by itself, shown and, by who may, changed.

import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { write } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSites } from '../site.ts'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import documents from '../flow/documents.module.css'

export function ExpiredRule({ site }: { readonly site: string }) {
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  const known = useSites().data?.find((one) => one.code === site)
  if (known === undefined) return null
  const days = known.writeOffExpiredAfterDays
  return (
    <>
      {days === null
        ? 'What expired is written off by people'
        : `What expired is written off by itself after ${days === 0 ? 'its last day' : days === 1 ? 'a day' : `${days} days`}`}{' '}
      {may('setExpiryWriteOff') && (
        <Button variant="subtle" size="compact-sm" aria-label="Change when expired goods are written off" onClick={() => setOpen(true)}>
          Change
        </Button>
      )}
      {isOpen && <ExpiredRuleDialog site={site} days={days} onClose={() => setOpen(false)} />}
    </>
  )
}

function ExpiredRuleDialog({ site, days, onClose }: { readonly site: string; readonly days: number | null; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const set = useWrite<number | null, unknown>((afterDays, key) => write('POST', '/api/expiry-write-off', { body: { site, afterDays }, key }), {
    onDone: () => {
      void queries.invalidateQueries({ queryKey: ['sites'] })
      onClose()
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = typedIn(event.currentTarget, 'days').trim()
    set.mutate(typed === '' ? null : Number(typed))
  }
  return (
    <Dialog title={`Expired goods at ${site}`} onClose={onClose}>
      <form onSubmit={submit} className={documents['form']}>
        <TextInput
          name="days"
          label="Days after which they are written off by themselves"
          description="0: on the day after the last of their life. Empty: people do it."
          type="number"
          inputMode="numeric"
          min={0}
          max={3_650}
          defaultValue={days ?? ''}
          data-autofocus
        />
        {set.error !== null && <ProblemBox problem={set.error} />}
        <div className={documents['buttons']}>
          <Button type="submit" loading={set.isPending}>
            Change
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
