// Service level of an item: how surely what is promised of it from stock is to be there, shown and, by who may, changed.

import { Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { write } from './client.ts'
import documents from './flow/documents.module.css'
import { useMay } from './session.tsx'
import { Dialog } from './ui/dialog.tsx'
import { typedIn } from './ui/form.ts'
import { tenths } from './ui/format.ts'
import { ProblemBox } from './ui/tell.tsx'
import { useWrite } from './ui/use-write.ts'

interface ServiceLevelProps {
  readonly sku: string
  /** From 0 to 0.999. */
  readonly level: number
}

export function ServiceLevel({ sku, level }: ServiceLevelProps) {
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {level === 0 ? 'by the record' : `with ${tenths(level * 100)} %`}{' '}
      {may('setServiceLevel') && (
        <Button variant="subtle" size="compact-sm" aria-label={`Change how surely ${sku} is promised`} onClick={() => setOpen(true)}>
          Change
        </Button>
      )}
      {isOpen && <ServiceLevelDialog sku={sku} level={level} onClose={() => setOpen(false)} />}
    </>
  )
}

function ServiceLevelDialog({ sku, level, onClose }: ServiceLevelProps & { readonly onClose: () => void }) {
  const set = useWrite<number | null, unknown>(
    (serviceLevel, key) => write('POST', '/api/items/{sku}/service-level', { params: { sku }, body: { serviceLevel }, key }),
    { onDone: onClose },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = typedIn(event.currentTarget, 'level').trim()
    set.mutate(typed === '' ? null : Math.round(Number(typed) * 10) / 1_000)
  }
  return (
    <Dialog title={`How surely ${sku} is promised`} onClose={onClose}>
      <form onSubmit={submit} className={documents['form']}>
        <TextInput
          name="level"
          label="Per cent"
          description="So surely what is promised from stock is to be there, by what is believed. 0: the record alone counts. Empty: as usual."
          type="number"
          inputMode="decimal"
          min={0}
          max={99.9}
          step={0.1}
          defaultValue={tenths(level * 100)}
          data-autofocus
        />
        <p>It counts for what is promised from now on, at every site.</p>
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
