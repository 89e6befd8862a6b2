// Counts: what a person finds at a place is entered without knowing what is recorded, so that nobody counts what they expect; then the difference is
// told, in pieces and in value, and stands below with those before it.

import { Button, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useRef, useState, type SubmitEvent } from 'react'
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
import { Differences, signedMoney, signedNumber } from './differences.tsx'
import styles from './loop.module.css'

interface Count {
  readonly sku: string
  readonly place: string
  readonly counted: number
  readonly lot: string
  readonly serial: string
}

const route = getRouteApi('/counts')

export function CountsPage() {
  const site = useSite()
  const may = useMay()
  return (
    <Page fills title="Counts" about={`What is found at places of ${site}; what is recorded is shown afterwards`}>
      {may('count') ? <CountForm key={site} site={site} /> : <Empty title="Your role enters no counts" />}
      {may('listDifferences') && <Differences site={site} cause="count" />}
    </Page>
  )
}

function CountForm({ site }: { readonly site: string }) {
  const { sku: givenSku = '', place: givenPlace = '', lot: givenLot = '' } = route.useSearch()
  const [sku, setSku] = useState(givenSku)
  const form = useRef<HTMLFormElement>(null)
  const [told, setTold] = useState<{ readonly count: Count; readonly answer: Answer<'count'> }>()
  const count = useWrite<Count, { readonly count: Count; readonly answer: Answer<'count'> }>(
    async (what, key) => ({ count: what, answer: await write('POST', '/api/counts', { body: { site, ...what }, key }) }),
    {
      onDone: (done) => {
        setTold(done)
        // The next item of the same place.
        setSku('')
        for (const name of ['counted', 'lot', 'serial']) (form.current!.elements.namedItem(name) as HTMLInputElement).value = ''
      },
    },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setTold(undefined)
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    count.mutate({ sku, place: text('place'), counted: Number(text('counted')), lot: text('lot'), serial: text('serial') })
  }
  return (
    <Panel title="Enter a count">
      <form ref={form} onSubmit={submit} className={styles['fields']}>
        <TextInput name="place" label="Place" defaultValue={givenPlace} required autoComplete="off" placeholder="Type or scan" />
        <Lookup label="Item" name="items" required value={sku} find={findItems} onChoose={setSku} />
        <TextInput name="counted" label="Counted" type="number" inputMode="numeric" min={0} required />
        <TextInput name="lot" label="Lot, if any" defaultValue={givenLot} autoComplete="off" />
        <TextInput name="serial" label="Serial, if any" autoComplete="off" />
        <Button type="submit" loading={count.isPending}>
          Enter
        </Button>
      </form>
      {count.error !== null && <ProblemBox problem={count.error} />}
      {told !== undefined && <Result {...told} />}
    </Panel>
  )
}

function Result({ count: { sku, place }, answer }: { readonly count: Count; readonly answer: Answer<'count'> }) {
  const [counted, recorded, difference, value] = ['counted', 'recorded', 'difference', 'value'].map((name) => Number(answer[name])) as [
    number,
    number,
    number,
    number,
  ]
  return (
    <p role="status" className={styles['told']} data-tone={difference === 0 ? 'good' : 'short'}>
      {difference === 0
        ? `${sku} at ${place}: ${number(counted)}, as recorded.`
        : `${sku} at ${place}: ${number(counted)} counted, ${number(recorded)} were recorded: ${signedNumber(difference)}, worth ${signedMoney(value)}.`}
    </p>
  )
}
