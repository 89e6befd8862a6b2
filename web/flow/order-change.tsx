// Order change: more or less of a line, another day, a further line, or a line taken out. What is asked for besides is promised anew, and the answer
// says which day; a line that somebody else changed meanwhile is not overwritten.

import { Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { write, type Answer } from '../client.ts'
import { findItems } from '../ui/find.ts'
import { day, number } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Lookup } from '../ui/lookup.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './order.module.css'

type Order = Answer<'getOrder'>
type OrderLine = Order['lines'][number]
type Changed = Answer<'changeOrder'>

interface Wanted {
  readonly quantity: string
  readonly requested: string
}

interface Further extends Wanted {
  readonly id: number
  readonly sku: string
}

interface Content {
  readonly lines: readonly { readonly line: number; readonly quantity?: number; readonly requested?: string; readonly was: number }[]
  readonly added: readonly { readonly sku: string; readonly quantity: number; readonly requested?: string }[]
}

const wantedOf = ({ quantity, cancelled }: OrderLine): number => quantity - cancelled

export function ChangeForm({ order, onDone }: { readonly order: Order; readonly onDone: () => void }) {
  // As the order was when the form was opened: what it becomes meanwhile is told as a refusal, not overwritten.
  const [before] = useState(order.lines)
  const [wanted, setWanted] = useState<Readonly<Record<number, Wanted>>>({})
  const [added, setAdded] = useState<readonly Further[]>([])
  const change = useWrite<Content, Changed>((body, key) =>
    write('POST', '/api/orders/{number}/change', {
      params: { number: order.number },
      body: { lines: [...body.lines], added: [...body.added] },
      key,
    }),
  )
  if (change.data !== undefined) return <Outcome changed={change.data} lines={before} onDone={onDone} />
  const now = (line: OrderLine): Wanted => wanted[line.line] ?? { quantity: String(wantedOf(line)), requested: line.requested }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    change.mutate({ lines: before.flatMap((line) => differenceOf(line, now(line))), added: added.filter((one) => one.sku !== '').map(addedOf) })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      {before.map((line, index) => (
        <fieldset key={line.line} className={styles['changed']}>
          <legend>
            <strong>{line.sku}</strong> <span className={styles['name']}>{line.name}</span>
          </legend>
          <Fields
            of={line.sku}
            least={line.shipped}
            isFirst={index === 0}
            value={now(line)}
            onChange={(some) => setWanted((all) => ({ ...all, [line.line]: { ...now(line), ...some } }))}
          />
          <Button
            variant="subtle"
            color="gray"
            disabled={line.shipped > 0 || now(line).quantity === '0'}
            aria-label={`Take ${line.sku} out`}
            onClick={() => setWanted((all) => ({ ...all, [line.line]: { ...now(line), quantity: '0' } }))}
          >
            <Icon name="remove" size={16} />
          </Button>
        </fieldset>
      ))}
      {added.map((line) => (
        <FurtherLine
          key={line.id}
          line={line}
          onChange={(some) => setAdded(replaced(line.id, some))}
          onRemove={() => setAdded((all) => all.filter((one) => one.id !== line.id))}
        />
      ))}
      {change.error !== null && <ProblemBox problem={change.error} />}
      <div className={styles['buttons']}>
        <Button
          variant="default"
          leftSection={<Icon name="add" size={16} />}
          onClick={() => setAdded((all) => [...all, { id: (all.at(-1)?.id ?? 0) + 1, sku: '', quantity: '1', requested: '' }])}
        >
          Add a line
        </Button>
        <Button type="submit" loading={change.isPending}>
          Change the order
        </Button>
      </div>
    </form>
  )
}

interface FurtherLineProps {
  readonly line: Further
  readonly onChange: (some: Partial<Further>) => void
  readonly onRemove: () => void
}

function FurtherLine({ line, onChange, onRemove }: FurtherLineProps) {
  return (
    <fieldset className={styles['changed']}>
      <legend className={styles['name']}>A further line</legend>
      <div className={styles['wide']}>
        <Lookup label="Item" name="items" required value={line.sku} find={findItems} onChoose={(sku) => onChange({ sku })} />
      </div>
      <Fields of="the further line" least={1} value={line} onChange={onChange} />
      <Button variant="subtle" color="gray" aria-label="Take the further line out" onClick={onRemove}>
        <Icon name="remove" size={16} />
      </Button>
    </fieldset>
  )
}

const replaced =
  (id: number, some: Partial<Further>) =>
  (all: readonly Further[]): readonly Further[] =>
    all.map((one) => (one.id === id ? { ...one, ...some } : one))

interface FieldsProps {
  readonly of: string
  /** What has left cannot be taken back here. */
  readonly least: number
  readonly isFirst?: boolean
  readonly value: Wanted
  readonly onChange: (some: Partial<Wanted>) => void
}

const Fields = ({ of, least, isFirst = false, value, onChange }: FieldsProps) => (
  <>
    <TextInput
      label="Quantity"
      aria-label={`Quantity of ${of}`}
      type="number"
      min={least}
      required
      {...(isFirst ? { 'data-autofocus': true } : {})}
      value={value.quantity}
      onChange={(event) => onChange({ quantity: event.currentTarget.value })}
    />
    <TextInput
      label="Wanted by"
      aria-label={`Day on which ${of} is wanted`}
      type="date"
      value={value.requested}
      onChange={(event) => onChange({ requested: event.currentTarget.value })}
    />
  </>
)

/** Only what was changed is sent, and what it was made of. */
function differenceOf(line: OrderLine, { quantity, requested }: Wanted): Content['lines'] {
  const was = wantedOf(line)
  const more = Number(quantity) === was ? {} : { quantity: Number(quantity) }
  const day = requested === line.requested || requested === '' ? {} : { requested }
  return Object.keys({ ...more, ...day }).length === 0 ? [] : [{ line: line.line, was, ...more, ...day }]
}

const addedOf = ({ sku, quantity, requested }: Further): Content['added'][number] => ({
  sku,
  quantity: Number(quantity),
  ...(requested === '' ? {} : { requested }),
})

/** What became of it: the day that is promised now, line by line. */
function Outcome({ changed, lines, onDone }: { readonly changed: Changed; readonly lines: readonly OrderLine[]; readonly onDone: () => void }) {
  const skuOf = (line: number): string => lines.find((one) => one.line === line)?.sku ?? ''
  return (
    <div className={styles['form']} role="status">
      <ul className={styles['goods']}>
        {changed.lines.map(({ line, before, after, asked }) => (
          <li key={line}>
            <strong>{skuOf(line)}</strong>
            <span>{`${number(before.quantity)} → ${number(after.quantity)}`}</span>
            <span className={styles['soft']}>{asked ? 'The site that serves it is asked to stop the rest' : promiseOf(after.promised)}</span>
          </li>
        ))}
        {changed.added.map(({ line, sku, quantity, promised }) => (
          <li key={line}>
            <strong>{sku}</strong>
            <span>{`${number(quantity)} more`}</span>
            <span className={styles['soft']}>{promiseOf(promised)}</span>
          </li>
        ))}
      </ul>
      <div className={styles['buttons']}>
        <Button autoFocus onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  )
}

const promiseOf = (promised: string | null): string => (promised === null ? 'No day can be promised yet' : `promised ${day(promised)}`)
