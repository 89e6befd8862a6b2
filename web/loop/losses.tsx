// Losses: goods that are gone for a known cause are entered where it is noticed, and stand below with those before them.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useRef, useState, type SubmitEvent } from 'react'
import { lossCauses } from '../../core/place.ts'
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
import { lossCauseWords } from '../ui/words.ts'
import { Differences, signedMoney } from './differences.tsx'
import styles from './loop.module.css'

interface Loss {
  readonly sku: string
  readonly place: string
  readonly quantity: number
  readonly lot: string
  readonly cause: (typeof lossCauses)[number]
  readonly note: string
}

const route = getRouteApi('/losses')

export function LossesPage() {
  const site = useSite()
  const may = useMay()
  return (
    <Page fills title="Losses" about={`What is gone at ${site} for a known cause; what nobody can explain is found by a count`}>
      {may('lose') ? <LossForm key={site} site={site} /> : <Empty title="Your role enters no losses" />}
      {may('listDifferences') && <Differences site={site} cause="loss" />}
    </Page>
  )
}

function LossForm({ site }: { readonly site: string }) {
  const { sku: givenSku = '', place: givenPlace = '', lot: givenLot = '' } = route.useSearch()
  const [sku, setSku] = useState(givenSku)
  const form = useRef<HTMLFormElement>(null)
  const lose = useWrite<Loss, Answer<'lose'>>((what, key) => write('POST', '/api/losses', { body: { site, ...what }, key }), {
    onDone: () => {
      setSku('')
      for (const name of ['quantity', 'lot', 'note']) (form.current!.elements.namedItem(name) as HTMLInputElement).value = ''
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const cause = lossCauses.find((one) => one === text('cause')) ?? 'lost'
    lose.mutate({ sku, place: text('place'), quantity: Number(text('quantity')), lot: text('lot'), cause, note: text('note') })
  }
  return (
    <Panel title="Enter a loss">
      <form ref={form} onSubmit={submit} className={styles['fields']}>
        <TextInput name="place" label="Place" defaultValue={givenPlace} required autoComplete="off" placeholder="Type or scan" />
        <Lookup label="Item" name="items" required value={sku} find={findItems} onChoose={setSku} />
        <TextInput name="quantity" label="Quantity" type="number" inputMode="numeric" min={1} required />
        <NativeSelect name="cause" label="Cause" data={lossCauses.map((value) => ({ value, label: lossCauseWords[value] }))} />
        <TextInput name="lot" label="Lot, if any" defaultValue={givenLot} autoComplete="off" />
        <TextInput name="note" label="Note" maxLength={4_000} autoComplete="off" />
        <Button type="submit" loading={lose.isPending}>
          Enter
        </Button>
      </form>
      {lose.error !== null && <ProblemBox problem={lose.error} />}
      {lose.data !== undefined && lose.variables !== undefined && lose.error === null && !lose.isPending && (
        <p role="status" className={styles['told']} data-tone="short">
          {`${number(lose.variables.quantity)} of ${lose.variables.sku} are written off, worth ${signedMoney(-Number(lose.data['value']))}.`}
        </p>
      )}
    </Panel>
  )
}
