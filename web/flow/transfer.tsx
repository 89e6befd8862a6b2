// Transfer: one transfer with both of its ends: what was asked, what is held there, what is on its way and what is here; whom it is for, and what it
// waits for. What can be done next follows from what this end may do (`transferCan`, as the API says it).

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import type { TransferAction } from '../../core/transfer.ts'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Actions, type Asking } from '../ui/actions.tsx'
import { Badge } from '../ui/badge.tsx'
import { typedIn } from '../ui/form.ts'
import { day, instant, number, shortId, today } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { eventWord, supplyWord, transferActionWords } from '../ui/words.ts'
import documents from './documents.module.css'
import styles from './order.module.css'
import { TransferBadge } from './transfers.tsx'

type Transfer = Answer<'getTransfer'>

const endpointOf: Readonly<Record<TransferAction, EndpointName>> = { send: 'dispatchTransfer', receive: 'takeArrival', cancel: 'cancelTransfer' }

/** What comes next stands last. */
const actions: readonly TransferAction[] = ['cancel', 'send', 'receive']

const route = getRouteApi('/transfers/$id')

export function TransferPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Transfer, Problem>({
    queryKey: ['transfer', site, id],
    queryFn: ({ signal }) => read('/api/transfers/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/transfers', text: 'Transfers' } as const
  const transfer = query.data
  if (transfer === undefined) return <AwaitedPage query={query} title={`Transfer ${shortId(id)}`} back={back} />
  const { direction, other, due } = transfer
  const [from, to] = direction === 'in' ? [other, transfer.site] : [transfer.site, other]
  return (
    <Page
      title={`Transfer ${shortId(id)}`}
      badge={<TransferBadge state={transfer.state} />}
      back={back}
      actions={<TransferActions transfer={transfer} />}
    >
      <Facts
        facts={[
          ['From', from ?? '—'],
          ['To', to ?? '—'],
          ['Asked', transfer.toldAt === null ? '—' : instant(transfer.toldAt)],
          [
            direction === 'in' ? 'Expected' : 'Wanted there',
            due === null ? (
              '—'
            ) : due < today(Date.now()) ? (
              <Badge key="due" tone="late">
                {day(due)}
              </Badge>
            ) : (
              day(due)
            ),
          ],
          ['Asked for', number(transfer.quantity)],
          ['Where it is', whereOf(transfer)],
        ]}
      />
      <div className={styles['columns']}>
        <div className={styles['side']}>
          <Lines transfer={transfer} />
          {transfer.underWay.length > 0 && <UnderWay transfer={transfer} />}
          <Ties transfer={transfer} />
        </div>
        <Panel title="What happened">
          <ol className={styles['story']}>
            {transfer.events.toReversed().map((one, index) => (
              <li key={`${one.occurredAt}/${index}`}>
                <strong>{eventWord(one.type)}</strong>
                <time dateTime={one.occurredAt}>{instant(one.occurredAt)}</time>
              </li>
            ))}
          </ol>
        </Panel>
      </div>
    </Page>
  )
}

/** How many are where, from what both ends know. */
function whereOf({ direction, lines, moved, cancelled, quantity, site, other }: Transfer): string {
  const there = (of: (end: NonNullable<Transfer['lines'][number]['there']>) => number): number =>
    lines.reduce((sum, line) => sum + (line.there === null ? 0 : of(line.there)), 0)
  const [left, arrived] = direction === 'in' ? [there((end) => end.posted), moved] : [moved, there((end) => end.posted)]
  const held = direction === 'in' ? there((end) => end.held) : lines.reduce((sum, line) => sum + line.held, 0)
  const [from, to] = direction === 'in' ? [other, site] : [site, other]
  const gone = Math.max(
    cancelled,
    there((end) => end.cancelled),
  )
  const parts = [
    [arrived, `at ${to}`],
    [left - arrived, 'on the way'],
    [held, `held at ${from}`],
    [quantity - left - held - gone, 'waited for'],
    [gone, 'called off'],
  ] as const
  return parts
    .filter(([some]) => some > 0)
    .map(([some, where]) => `${number(some)} ${where}`)
    .join(', ')
}

function Lines({ transfer: { lines, direction, site, other } }: { readonly transfer: Transfer }) {
  return (
    <Panel title="Lines">
      <ShortTable
        label="Lines"
        columns={['Item', 'Due', 'Asked for', `Held at ${(direction === 'in' ? other : site) ?? 'the other end'}`, 'Left', 'Received', 'Called off']}
        ends={2}
        rows={lines.map((line) => {
          const [held, left, received] =
            direction === 'in' ? [line.there?.held, line.there?.posted, line.posted] : [line.held, line.posted, line.there?.posted]
          return {
            key: String(line.line),
            cells: [
              <span key="item">
                <Link to="/items/$sku" params={{ sku: line.sku }}>
                  {line.sku}
                </Link>
                <span className={styles['name']}>{line.name}</span>
              </span>,
              day(line.due),
              number(line.quantity),
              ...[held, left, received].map((some) => (some === undefined ? '—' : number(some))),
              number(line.cancelled),
            ],
          }
        })}
      />
    </Panel>
  )
}

const UnderWay = ({ transfer: { underWay } }: { readonly transfer: Transfer }) => (
  <Panel title="On its way">
    <ShortTable
      label="On its way"
      columns={['Item', 'Left', 'Expected', 'Lot', 'Serial', 'Quantity']}
      ends={5}
      rows={underWay.map((one, index) => ({
        key: String(index),
        cells: [one.sku, instant(one.sentAt), day(one.due), one.lot, one.serial, number(one.quantity)],
      }))}
    />
  </Panel>
)

/** Where the goods come, whom they are for; where they leave, what they wait for. */
function Ties({ transfer: { direction, pegs, lines } }: { readonly transfer: Transfer }) {
  const title = direction === 'in' ? 'Why it was asked for' : 'What it waits for'
  const skuOf = (line: number): string => lines.find((one) => one.line === line)?.sku ?? ''
  return (
    <Panel title={title}>
      {pegs.length === 0 ? (
        <p className={styles['soft']}>
          {direction === 'in'
            ? 'No order here counts on what is still to come: it was asked for by hand, or its orders are served.'
            : 'It waits for nothing that is on its way here.'}
        </p>
      ) : (
        <ShortTable
          label={title}
          columns={['Document', 'Item', 'Due', 'Quantity']}
          ends={3}
          rows={pegs.map((one, index) => ({
            key: String(index),
            cells: [<Document key="document" tie={one} />, skuOf(one.line), day(one.due), number(one.quantity)],
          }))}
        />
      )}
    </Panel>
  )
}

function Document({ tie }: { readonly tie: Transfer['pegs'][number] }) {
  if (tie.order !== null)
    return (
      <Link to="/orders/$number" params={{ number: tie.order }}>
        {tie.order}
      </Link>
    )
  const params = { id: tie.document }
  const text = `${supplyWord(tie.kind)} ${shortId(tie.document)}`
  if (tie.kind === 'purchase')
    return (
      <Link to="/purchases/$id" params={params}>
        {text}
      </Link>
    )
  if (tie.kind === 'output' || tie.kind === 'component')
    return (
      <Link to="/work-orders/$id" params={params}>
        {tie.kind === 'component' ? `work order ${shortId(tie.document)}` : text}
      </Link>
    )
  return (
    <Link to="/transfers/$id" params={params}>
      {tie.kind === 'transfer_out' ? `transfer ${shortId(tie.document)}` : text}
    </Link>
  )
}

interface Act {
  readonly action: TransferAction
  readonly arrivesOn?: string
  readonly lines?: readonly { readonly line: number; readonly quantity: number; readonly lot: string; readonly serial: string }[]
}

function TransferActions({ transfer }: { readonly transfer: Transfer }) {
  const may = useMay()
  return (
    <Actions<TransferAction, Act>
      actions={actions.filter((action) => transfer.can.includes(action) && may(endpointOf[action]))}
      words={transferActionWords}
      main={['send', 'receive']}
      of={`transfer ${shortId(transfer.id)}`}
      send={(what, key) => send(transfer, what, key)}
      form={(action, asking) => <Asked action={action} transfer={transfer} {...asking} />}
    />
  )
}

function send({ id, site }: Transfer, { action, arrivesOn = '', lines = [] }: Act, key: string): Promise<unknown> {
  const params = { id }
  switch (action) {
    case 'send':
      return write('POST', '/api/transfers/{id}/dispatch', { params, body: { site, ...(arrivesOn === '' ? {} : { arrivesOn }) }, key })
    case 'receive':
      return write('POST', '/api/transfers/{id}/arrival', { params, body: { site, ...(lines.length === 0 ? {} : { lines: [...lines] }) }, key })
    case 'cancel':
      return write('POST', '/api/transfers/{id}/cancellation', { params, body: { site }, key })
  }
}

interface AskedProps extends Asking<Act> {
  readonly action: TransferAction
  readonly transfer: Transfer
}

function Asked({ action, transfer, isBusy, onAct, children }: AskedProps) {
  const pieces = piecesOf(transfer.underWay)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    if (action === 'receive') {
      const counted = pieces.map((one, index) => ({ ...one, counted: Number(typedIn(form, `counted-${index}`)) }))
      const differing = counted.filter((one) => one.counted !== one.quantity)
      onAct({ action, lines: differing.map(({ line, lot, serial, counted: quantity }) => ({ line, lot, serial, quantity })) })
    } else onAct({ action, arrivesOn: typedIn(form, 'arrivesOn') })
  }
  return (
    <form onSubmit={submit} className={documents['form']}>
      {action === 'send' && (
        <>
          <p>{`${number(transfer.held)} pieces are held for it and leave now; what still waits goes another day.`}</p>
          <TextInput
            name="arrivesOn"
            label={`Expected at ${transfer.other}`}
            description="Without it, as many days from now as the way takes"
            type="date"
          />
        </>
      )}
      {action === 'receive' && (
        <>
          <p className={documents['soft']}>
            Count what came. Where it is fewer or more than left, the difference is booked here and somebody is told.
          </p>
          {pieces.map((one, index) => (
            <div key={`${one.line}/${one.lot}/${one.serial}`} className={documents['pair']}>
              <span>
                <strong>{one.sku}</strong>
                <span className={documents['name']}>
                  {[`${number(one.quantity)} left`, one.lot && `lot ${one.lot}`, one.serial && `serial ${one.serial}`].filter(Boolean).join(' · ')}
                </span>
              </span>
              <TextInput
                name={`counted-${index}`}
                label="Came"
                aria-label={`Came of ${one.sku}${one.lot === '' ? '' : `, lot ${one.lot}`}${one.serial === '' ? '' : `, serial ${one.serial}`}`}
                type="number"
                inputMode="numeric"
                min={0}
                defaultValue={one.quantity}
                required
              />
            </div>
          ))}
        </>
      )}
      {action === 'cancel' && (
        <p>
          {transfer.direction === 'in'
            ? `What has not left ${transfer.other} stays there. Orders here that count on it wait for another supply and keep the dates they were promised; what has left meanwhile still comes.`
            : `What has not left stays here and is free for others. ${transfer.other} is told, and its orders wait for another supply.`}
        </p>
      )}
      {children}
      <div className={documents['buttons']}>
        <Button type="submit" loading={isBusy} {...(action === 'cancel' ? { color: 'red' } : {})}>
          {transferActionWords[action]}
        </Button>
      </div>
    </form>
  )
}

type Piece = Transfer['underWay'][number]

/** What left in several parts is counted once, by line, lot and serial. */
function piecesOf(underWay: readonly Piece[]): readonly Piece[] {
  const pieces = new Map<string, Piece>()
  for (const one of underWay) {
    const key = JSON.stringify([one.line, one.lot, one.serial])
    pieces.set(key, { ...one, quantity: one.quantity + (pieces.get(key)?.quantity ?? 0) })
  }
  return [...pieces.values()]
}
