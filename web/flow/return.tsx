// Return: one return, from its authorisation to what became of each piece: received, inspected, and sold again, made good, thrown away or sent to whom it
// was bought from; with what the customer is due for it.

import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { minorDigits } from '../../core/currency.ts'
import { dispositions, findings, type RmaAction } from '../../core/rma.ts'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { instant, moneyIn, number, shortId } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { dispositionWords, findingWords, returnReasonWords } from '../ui/words.ts'
import { ReturnBadge } from './returns.tsx'
import styles from './returns.module.css'

type Return = Answer<'getReturn'>
type Line = Return['lines'][number]
type Asked = Extract<RmaAction, 'receive' | 'dispose'>

const route = getRouteApi('/returns/$id')
const back = { to: '/returns', text: 'Returns' } as const

export function ReturnPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Return, Problem>({
    queryKey: ['return', site, id],
    queryFn: ({ signal }) => read('/api/returns/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const one = query.data
  if (one === undefined) return <AwaitedPage query={query} title={`Return ${shortId(id)}`} back={back} />
  return (
    <Page title={`Return ${one.number}`} badge={<ReturnBadge state={one.state} />} back={back} actions={<ReturnActions one={one} />}>
      <Facts
        facts={[
          ['Order', <OrderLink key="order" number={one.order} />],
          ['Customer', `${one.customerName} · ${one.customer}`],
          ['Authorised', instant(one.authorisedAt)],
          ['Refund due', moneyIn(one.refund, one.currency)],
          ['Exchanged for', one.exchange === null ? '—' : <OrderLink key="exchange" number={one.exchange} />],
        ]}
      />
      <Panel title="What comes back">
        <ShortTable
          label="Lines of the return"
          columns={['Item', 'Why', 'Authorised', 'To come', 'To inspect', 'Became', 'Refund']}
          ends={2}
          rows={one.lines.map((line) => ({
            key: String(line.line),
            cells: [
              <span key="item">
                <Link to="/items/$sku" params={{ sku: line.sku }}>
                  {line.sku}
                </Link>
                <span className={styles['name']}>{line.name}</span>
              </span>,
              returnReasonWords[line.reason],
              number(line.quantity - line.cancelled),
              number(line.toCome),
              number(line.toInspect),
              becameOf(line),
              moneyIn(line.refund, one.currency),
            ],
            ...(line.note === '' ? {} : { more: `“${line.note}”` }),
          }))}
        />
      </Panel>
    </Page>
  )
}

const OrderLink = ({ number: wanted }: { readonly number: string }) => (
  <Link to="/orders/$number" params={{ number: wanted }}>
    {wanted}
  </Link>
)

function becameOf({ restocked, refurbishing, scrapped, toVendor }: Line): string {
  const parts = [
    [restocked, 'sold again'],
    [refurbishing, 'being made good'],
    [scrapped, 'thrown away'],
    [toVendor, 'to the vendor'],
  ] as const
  return parts
    .filter(([some]) => some > 0)
    .map(([some, word]) => `${number(some)} ${word}`)
    .join(', ')
}

const endpointOf: Readonly<Record<Asked | 'cancel', EndpointName>> = { receive: 'receiveReturn', dispose: 'disposeReturn', cancel: 'cancelReturn' }
const words: Readonly<Record<Asked | 'cancel', string>> = { receive: 'Receive', dispose: 'Inspect', cancel: 'Nothing more comes' }

const waitsFor: Readonly<Record<Asked | 'cancel', (line: Line) => boolean>> = {
  receive: (line) => line.toCome > 0,
  dispose: (line) => line.toInspect + line.refurbishing > 0,
  cancel: (line) => line.toCome > 0,
}

function ReturnActions({ one }: { readonly one: Return }) {
  const may = useMay()
  const [asking, setAsking] = useState<Asked>()
  const cancel = useWrite<{ readonly site: string }, unknown>((body, key) =>
    write('POST', '/api/returns/{id}/cancellation', { params: { id: one.id }, body, key }),
  )
  const open = (['cancel', 'receive', 'dispose'] as const).filter(
    (action) => one.can.includes(action) && may(endpointOf[action]) && one.lines.some(waitsFor[action]),
  )
  return (
    <>
      {open.map((action) => (
        <Button
          key={action}
          variant={action === open.at(-1) && action !== 'cancel' ? 'filled' : 'default'}
          loading={action === 'cancel' && cancel.isPending}
          onClick={() => (action === 'cancel' ? cancel.mutate({ site: one.site }) : setAsking(action))}
        >
          {words[action]}
        </Button>
      ))}
      {cancel.error !== null && <ProblemBox problem={cancel.error} />}
      {asking !== undefined && (
        <Dialog title={`${words[asking]}: ${one.number}`} onClose={() => setAsking(undefined)}>
          {asking === 'receive' ? (
            <ReceiveForm one={one} onDone={() => setAsking(undefined)} />
          ) : (
            <InspectForm one={one} onDone={() => setAsking(undefined)} />
          )}
        </Dialog>
      )}
    </>
  )
}

interface FormProps {
  readonly one: Return
  readonly onDone: () => void
}

interface Received {
  readonly lines: readonly { readonly line: number; readonly quantity: number; readonly lot: string; readonly serial: string }[]
}

const Label = ({ line }: { readonly line: Line }) =>
  line.tracking === 'none' ? null : (
    <TextInput
      name={`label-${line.line}`}
      label={line.tracking === 'lot' ? 'Lot' : 'Serial'}
      aria-label={`${line.tracking} of ${line.sku}`}
      required
    />
  )

const labelled = (line: Line, label: string) => ({ lot: line.tracking === 'lot' ? label : '', serial: line.tracking === 'serial' ? label : '' })

function ReceiveForm({ one, onDone }: FormProps) {
  const receive = useWrite<Received, unknown>(
    ({ lines }, key) => write('POST', '/api/returns/{id}/receipt', { params: { id: one.id }, body: { site: one.site, lines: [...lines] }, key }),
    { onDone },
  )
  const lines = one.lines.filter((line) => line.toCome > 0)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const came = lines.map((line) => ({
      line: line.line,
      quantity: Number(text(`quantity-${line.line}`) || 0),
      ...labelled(line, text(`label-${line.line}`)),
    }))
    receive.mutate({ lines: came.filter((line) => line.quantity > 0) })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      {lines.map((line, index) => (
        <fieldset key={line.line} className={styles['piece']}>
          <legend>
            <strong>{line.sku}</strong> <span className={styles['name']}>{`${number(line.toCome)} to come`}</span>
          </legend>
          <TextInput
            name={`quantity-${line.line}`}
            label="Quantity"
            aria-label={`Quantity of ${line.sku}`}
            type="number"
            min={0}
            max={line.tracking === 'serial' ? 1 : line.toCome}
            defaultValue={line.tracking === 'serial' ? 1 : line.toCome}
            {...(index === 0 ? { 'data-autofocus': true } : {})}
          />
          <Label line={line} />
        </fieldset>
      ))}
      <p className={styles['soft']}>It stands in quarantine until somebody inspects it.</p>
      {receive.error !== null && <ProblemBox problem={receive.error} />}
      <div className={styles['buttons']}>
        <Button type="submit" loading={receive.isPending}>
          Receive
        </Button>
      </div>
    </form>
  )
}

interface Inspected {
  readonly lines: readonly {
    readonly line: number
    readonly quantity: number
    readonly lot: string
    readonly serial: string
    readonly refurbished: boolean
    readonly found: (typeof findings)[number]
    readonly disposition: (typeof dispositions)[number]
    readonly deduction: number
    readonly note: string
  }[]
}

/** Somebody else may have inspected the last piece meanwhile. */
function InspectForm(props: FormProps) {
  const lines = props.one.lines.filter(waitsFor.dispose)
  return lines.length === 0 ? <Empty title="All is inspected">Nothing of it waits any more.</Empty> : <PieceForm {...props} lines={lines} />
}

/** What was typed of a piece. */
function saidOf(form: HTMLFormElement, line: Line, currency: string): Omit<Inspected['lines'][number], 'refurbished'> {
  const text = (name: string): string => typedIn(form, name).trim()
  return {
    line: line.line,
    quantity: Number(text('quantity')),
    ...labelled(line, text(`label-${line.line}`)),
    found: findings.find((value) => value === text('found')) ?? 'as_new',
    disposition: dispositions.find((value) => value === text('disposition')) ?? 'restock',
    deduction: Math.round(Number(text('deduction').replace(',', '.')) * 10 ** minorDigits(currency)),
    note: text('note'),
  }
}

/** One line at a time, as one holds one thing in one's hands. */
function PieceForm({ one, lines, onDone }: FormProps & { readonly lines: readonly Line[] }) {
  const [chosen, setChosen] = useState(lines[0]!.line)
  const line = lines.find((row) => row.line === chosen) ?? lines[0]!
  const [refurbished, setRefurbished] = useState(line.toInspect === 0)
  const most = refurbished ? line.refurbishing : line.toInspect
  const inspect = useWrite<Inspected, unknown>(
    (body, key) => write('POST', '/api/returns/{id}/disposition', { params: { id: one.id }, body: { site: one.site, lines: [...body.lines] }, key }),
    { onDone },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    inspect.mutate({ lines: [{ refurbished, ...saidOf(event.currentTarget, line, one.currency) }] })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      <NativeSelect
        label="Item"
        value={String(line.line)}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
        data={lines.map((row) => ({ value: String(row.line), label: `${row.sku} · ${row.name}` }))}
        data-autofocus
      />
      {line.refurbishing > 0 && line.toInspect > 0 && (
        <Checkbox label="It comes from being made good" checked={refurbished} onChange={(event) => setRefurbished(event.currentTarget.checked)} />
      )}
      <div className={styles['piece']}>
        <TextInput
          key={`${line.line} ${String(refurbished)}`}
          name="quantity"
          label="Quantity"
          type="number"
          min={1}
          max={most}
          defaultValue={line.tracking === 'serial' ? 1 : most}
          required
        />
        <NativeSelect name="found" label="Found" data={findings.map((value) => ({ value, label: findingWords[value] }))} />
        <NativeSelect
          name="disposition"
          label="What becomes of it"
          data={dispositions.filter((value) => !(refurbished && value === 'refurbish')).map((value) => ({ value, label: dispositionWords[value] }))}
        />
      </div>
      <Label line={line} />
      {!refurbished && (
        <TextInput
          name="deduction"
          label="Kept of the price"
          inputMode="decimal"
          pattern="[0-9]*[.,]?[0-9]*"
          placeholder="Nothing"
          autoComplete="off"
        />
      )}
      <TextInput name="note" label="What was seen" autoComplete="off" />
      {inspect.error !== null && <ProblemBox problem={inspect.error} />}
      <div className={styles['buttons']}>
        <Button type="submit" loading={inspect.isPending}>
          Decide
        </Button>
      </div>
    </form>
  )
}
