// Stops: what is to be picked of an order, a stop at a time: where to go, what to take, and under the thumb the one thing that comes next. A short pick
// says what it does before it is sent, and what it did afterwards.

import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import { write, type Answer } from '../client.ts'
import { typedIn } from '../ui/form.ts'
import { day, number } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './pick.module.css'

type Picking = Answer<'listOrderPicks'>
type Stop = Picking['rows'][number]

const keyOf = ({ line, place, lot, serial, package: sscc }: Stop): string => [line, place, lot, serial, sscc].join('|')

interface Sent {
  readonly stop: Stop
  readonly found: number
}

/** What a short pick answered of each line. */
type Missed = readonly { readonly line: number; readonly missing: number; readonly elsewhere: number }[]

export function Stops({ picking, mayPick }: { readonly picking: Picking; readonly mayPick: boolean }) {
  const [chosen, setChosen] = useState<string>()
  const [isShort, setShort] = useState(false)
  const [missed, setMissed] = useState<Missed>([])
  const pick = useWrite<Sent, Answer<'pickOrder'>>((sent, key) => send(picking, sent, key), {
    onDone: ({ missed: told }) => {
      setMissed((told as Missed | undefined) ?? [])
      setShort(false)
      setChosen(undefined)
    },
  })
  const { rows } = picking
  const stop = rows.find((one) => keyOf(one) === chosen) ?? rows[0]
  const told = missed.length > 0 && <ShortTold missed={missed} />
  if (stop === undefined) return told
  const act = { stop, isBusy: pick.isPending }
  const ask = (): void => {
    pick.reset()
    setShort(true)
  }
  return (
    <>
      {told}
      <section className={styles['stop']} aria-label="Next stop">
        <Goal stop={stop} />
        {pick.error !== null && <ProblemBox problem={pick.error} retry={() => pick.mutate(pick.variables)} />}
        {mayPick && isShort && (
          <ShortForm key={keyOf(stop)} {...act} onBack={() => setShort(false)} onFound={(found) => pick.mutate({ stop, found })} />
        )}
        {mayPick && !isShort && <Thumb {...act} onShort={ask} onPicked={() => pick.mutate({ stop, found: stop.quantity })} />}
      </section>
      <Others stops={rows.filter((one) => one !== stop)} onChoose={setChosen} />
    </>
  )
}

const Goal = ({ stop }: { readonly stop: Stop }) => (
  <>
    <div className={styles['where']}>
      <span>Go to</span>
      <strong>{stop.place}</strong>
      {stop.aisle !== null && <span>{`Aisle ${stop.aisle}, rack ${stop.rack}, level ${stop.level}`}</span>}
    </div>
    <div className={styles['what']}>
      <div>
        <strong>{stop.sku}</strong>
        <span>{stop.name}</span>
        {stop.lot !== '' && <span className={styles['label']}>{`Lot ${stop.lot}`}</span>}
        {stop.serial !== '' && <span className={styles['label']}>{`Serial ${stop.serial}`}</span>}
        {stop.expiresOn !== null && <span>{`Expires ${day(stop.expiresOn)}`}</span>}
      </div>
      <div className={styles['many']}>
        <strong>{number(stop.quantity)}</strong>
        <span>to take</span>
      </div>
    </div>
  </>
)

/** Where the walk leads then; who stands before another bin begins there. */
function Others({ stops, onChoose }: { readonly stops: readonly Stop[]; readonly onChoose: (key: string) => void }) {
  if (stops.length === 0) return null
  return (
    <Panel title={`Then ${stops.length === 1 ? 'one more stop' : `${number(stops.length)} more stops`}`}>
      <ol className={styles['others']}>
        {stops.map((one) => (
          <li key={keyOf(one)}>
            <button type="button" onClick={() => onChoose(keyOf(one))}>
              <strong>{one.place}</strong>
              <span>{one.lot === '' ? one.sku : `${one.sku}, lot ${one.lot}`}</span>
              <span>{number(one.quantity)}</span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

const send = ({ order, site }: Picking, { stop: { line, place, lot, serial, quantity }, found }: Sent, key: string) =>
  write('POST', '/api/orders/{number}/pick', {
    params: { number: order },
    body: { site, picks: [{ line, place, lot, serial, quantity: found, short: found < quantity }] },
    key,
  })

interface ThumbProps {
  readonly stop: Stop
  readonly isBusy: boolean
  readonly onShort: () => void
  readonly onPicked: () => void
}

/** The bar that the thumb reaches; at the next stop it has the focus again, so Enter picks on. */
function Thumb({ stop, isBusy, onShort, onPicked }: ThumbProps) {
  const button = useRef<HTMLButtonElement>(null)
  const key = keyOf(stop)
  useEffect(() => {
    if (!isBusy) button.current?.focus({ preventScroll: true })
  }, [key, isBusy])
  return (
    <div className={styles['thumb']}>
      <Button variant="default" size="lg" disabled={isBusy} onClick={onShort}>
        Too few
      </Button>
      <Button ref={button} size="lg" loading={isBusy} onClick={onPicked}>
        {`Picked ${number(stop.quantity)}`}
      </Button>
    </div>
  )
}

interface ShortFormProps {
  readonly stop: Stop
  readonly isBusy: boolean
  readonly onBack: () => void
  readonly onFound: (found: number) => void
}

function ShortForm({ stop, isBusy, onBack, onFound }: ShortFormProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onFound(Number(typedIn(event.currentTarget, 'found')))
  }
  return (
    <form onSubmit={submit} className={styles['short']}>
      <TextInput
        name="found"
        label={`How many are at ${stop.place}?`}
        type="number"
        inputMode="numeric"
        size="md"
        min={0}
        max={stop.quantity - 1}
        required
        autoFocus
      />
      <p>
        What is missing is set aside from another bin, if there is one; else the order waits for it. Nothing more is picked from {stop.place} until
        somebody counts it.
      </p>
      <div className={styles['thumb']}>
        <Button variant="default" size="lg" disabled={isBusy} onClick={onBack}>
          Back
        </Button>
        <Button type="submit" size="lg" loading={isBusy}>
          Report too few
        </Button>
      </div>
    </form>
  )
}

function ShortTold({ missed }: { readonly missed: Missed }) {
  const sum = (of: (one: Missed[number]) => number): number => missed.reduce((total, one) => total + of(one), 0)
  const [missing, elsewhere] = [sum((one) => one.missing), sum((one) => one.elsewhere)]
  return (
    <p role="status" className={styles['told']} data-tone={elsewhere === missing ? 'busy' : 'short'}>
      {elsewhere === missing
        ? `${number(missing)} were missing; all of them are set aside from another bin and stand on this list.`
        : `${number(missing)} were missing: ${number(elsewhere)} are set aside from another bin, ${number(missing - elsewhere)} wait for stock.`}
    </p>
  )
}
