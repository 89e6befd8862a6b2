// Losses: goods that are gone for a known cause are entered where it is noticed, by scanner and keyboard alone: Enter in a field leads to the next that
// must be filled, Enter in the last one enters the loss, and the next item of the same place and cause can be scanned at once.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useRef, useState, type KeyboardEvent, type SubmitEvent } from 'react'
import { lossOrigins, type LossOrigin } from '../../core/loss.ts'
import { lossCauses, type LossCause } from '../../core/place.ts'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { findItems } from '../ui/find.ts'
import { typedIn } from '../ui/form.ts'
import { number } from '../ui/format.ts'
import { Lookup } from '../ui/lookup.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { lossCauseWords, lossOriginWords } from '../ui/words.ts'
import { Differences, signedMoney } from './differences.tsx'
import { ExpiredRule } from './expired-rule.tsx'
import styles from './loop.module.css'

interface Loss {
  readonly sku: string
  readonly place: string
  readonly quantity: number
  readonly lot: string
  readonly serial: string
  readonly cause: LossCause
  readonly origin?: LossOrigin
  readonly note: string
  readonly evidence: string
  readonly lostAt?: string
}

const EVIDENCE_CHARACTERS_MAX = 200

const route = getRouteApi('/losses')

export function LossesPage() {
  const site = useSite()
  const may = useMay()
  return (
    <Page
      fills
      title="Losses"
      about={`What is gone at ${site} for a known cause; what nobody can explain is found by a count`}
      actions={may('getShrinkage') && <Link to="/shrinkage">What it comes to</Link>}
    >
      {may('lose') ? <LossForm key={site} site={site} /> : <Empty title="Your role enters no losses" />}
      <p className={styles['soft']}>
        <ExpiredRule key={site} site={site} />
      </p>
      {may('listDifferences') && <Differences site={site} cause="loss" />}
    </Page>
  )
}

const fieldOf = (form: HTMLFormElement, name: string): HTMLInputElement => form.elements.namedItem(name) as HTMLInputElement

/** What is scanned ends with Enter: it goes on to the next field that must be filled, and enters the loss where that was the last. */
function onEnter(event: KeyboardEvent<HTMLFormElement>): void {
  const at = event.target
  if (event.key !== 'Enter' || event.defaultPrevented || !(at instanceof HTMLInputElement) || at.value.trim() === '') return
  const required = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[required]')]
  const next = required[required.indexOf(at) + 1]
  if (!required.includes(at) || next === undefined) return
  event.preventDefault()
  next.focus()
  next.select()
}

function LossForm({ site }: { readonly site: string }) {
  const { sku: givenSku = '', place: givenPlace = '', lot: givenLot = '' } = route.useSearch()
  const [sku, setSku] = useState(givenSku)
  const form = useRef<HTMLFormElement>(null)
  const lose = useWrite<Loss, Answer<'lose'>>((what, key) => write('POST', '/api/losses', { body: { site, ...what }, key }), {
    onDone: () => {
      // The next item of the same place and cause.
      setSku('')
      const fields = form.current!
      for (const name of ['lot', 'serial', 'note', 'evidence', 'lostAt']) fieldOf(fields, name).value = ''
      fieldOf(fields, 'quantity').value = '1'
      fields.querySelectorAll<HTMLInputElement>('input[required]')[1]?.focus()
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const cause = lossCauses.find((one) => one === text('cause')) ?? 'lost'
    const origin = lossOrigins.find((one) => one === text('origin'))
    const lostAt = text('lostAt')
    lose.mutate({
      sku,
      place: text('place'),
      quantity: Number(text('quantity')),
      lot: text('lot'),
      serial: text('serial'),
      cause,
      ...(origin && { origin }),
      note: text('note'),
      evidence: text('evidence'),
      ...(lostAt !== '' && { lostAt: new Date(lostAt).toISOString() }),
    })
  }
  return (
    <Panel title="Enter a loss">
      <form ref={form} onSubmit={submit} onKeyDown={onEnter} className={styles['fields']}>
        <NativeSelect name="cause" label="Cause" data={lossCauses.map((value) => ({ value, label: lossCauseWords[value] }))} />
        <TextInput name="place" label="Place" defaultValue={givenPlace} required autoComplete="off" placeholder="Type or scan" />
        <Lookup label="Item" name="items" required value={sku} find={findItems} onChoose={setSku} placeholder="Type or scan" />
        <TextInput name="quantity" label="Quantity" type="number" inputMode="numeric" min={1} defaultValue={1} required />
        <TextInput name="lot" label="Lot, if any" defaultValue={givenLot} autoComplete="off" />
        <TextInput name="serial" label="Serial, if any" autoComplete="off" />
        <TextInput name="note" label="Reason" maxLength={4_000} autoComplete="off" />
        <TextInput name="evidence" label="Evidence" maxLength={EVIDENCE_CHARACTERS_MAX} autoComplete="off" placeholder="Photo, report, claim no." />
        <NativeSelect
          name="origin"
          label="Where it was lost"
          data={[{ value: '', label: 'As cause and place say' }, ...lossOrigins.map((value) => ({ value, label: lossOriginWords[value] }))]}
        />
        <TextInput name="lostAt" label="When, if not now" type="datetime-local" />
        <Button type="submit" loading={lose.isPending}>
          Enter
        </Button>
      </form>
      {lose.error !== null && <ProblemBox problem={lose.error} />}
      {lose.data !== undefined && lose.variables !== undefined && lose.error === null && !lose.isPending && (
        <Result loss={lose.variables} answer={lose.data} />
      )}
    </Panel>
  )
}

/** What is written off, and that the record is below zero now, where more is gone than was recorded. */
function Result({ loss: { quantity, sku, place }, answer }: { readonly loss: Loss; readonly answer: Answer<'lose'> }) {
  const [recorded, value] = [Number(answer['recorded']), Number(answer['value'])]
  const below = quantity - recorded
  return (
    <p role="status" className={styles['told']} data-tone="short">
      {`${number(quantity)} of ${sku} are written off, worth ${signedMoney(-value)}.`}
      {below > 0 &&
        ` Only ${number(Math.max(recorded, 0))} were recorded at ${place}: the record is ${number(-below)} now, and an exception says so. Count what is there.`}
    </p>
  )
}
