// Exception: one thing that a person must look at: whom it hurts and how they stand now, and what can be done, side by side with its cost, its day and
// whom it helps. One is chosen and done in one step; what was done stands below, with where it can be undone.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, instant, money, number } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Done, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { exceptionWord, remedyWord } from '../ui/words.ts'
import styles from './loop.module.css'

type Exception = Answer<'getException'>
type Remedy = Exception['remedies'][number]
type Hurt = Exception['hurt']['rows'][number]

const SHOWN = 100
const route = getRouteApi('/exceptions/$id')

export function ExceptionPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Exception, Problem>({
    queryKey: ['exception', site, id],
    queryFn: ({ signal }) => read('/api/exceptions/{id}', { params: { id }, query: { site, limit: SHOWN } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/exceptions', text: 'Exceptions' } as const
  const exception = query.data
  if (exception === undefined) return <AwaitedPage query={query} title="Exception" back={back} />
  return (
    <Page
      title={exceptionWord(exception.kind)}
      badge={exception.closedAt === null ? <Badge tone="short">Open</Badge> : <Badge tone="good">Settled</Badge>}
      back={back}
      about={about(exception)}
    >
      {exception.phantom === null ? <ExceptionFacts exception={exception} /> : <PhantomFacts exception={exception} phantom={exception.phantom} />}
      {exception.lines > 0 && <WhomItHurts exception={exception} />}
      {exception.closedAt === null && exception.lines > 0 && <WhatCanBeDone key={id} site={site} exception={exception} />}
      {exception.done.length > 0 && <WhatWasDone exception={exception} />}
    </Page>
  )
}

/** Where lines stand below one by one, the names of all orders need not stand here too. */
const about = ({ detail, lines }: Exception): string => (lines > 0 ? `${detail.split('; it hurts ')[0]!}.`.replace('..', '.') : detail)

function ExceptionFacts({ exception }: { readonly exception: Exception }) {
  const { sku, raisedAt, expected, lines, orders, mended, atRisk } = exception
  return (
    <Facts
      facts={[
        ['Item', sku === null ? '—' : <ItemLink key="item" sku={sku} />],
        ['About', <DocumentLink key="document" exception={exception} />],
        ['Since', instant(raisedAt)],
        ['Expected now', expected === null ? 'Not known' : day(expected)],
        ['Hurts', `${number(lines)} lines of ${number(orders)} orders`],
        ['Mended', `${number(mended)} of ${number(lines)}`],
        ['Value at risk', money(atRisk)],
      ]}
    />
  )
}

/** What it costs that a shelf is empty and the record says otherwise, and how that ends. */
function PhantomFacts({
  exception: { sku, raisedAt },
  phantom,
}: {
  readonly exception: Exception
  readonly phantom: NonNullable<Exception['phantom']>
}) {
  const may = useMay()
  return (
    <>
      <Facts
        facts={[
          ['Item', sku === null ? '—' : <ItemLink key="item" sku={sku} />],
          ['Since', instant(raisedAt)],
          ['Probably none', `${Math.round(phantom.empty * 100)} %`],
          ['Lost a day', money(phantom.lostPerDay)],
          ['Lost so far', money(phantom.lostSoFar)],
        ]}
      />
      {sku !== null && may('count') && (
        <Panel title="What can be done">
          <p className={styles['soft']}>
            <Link to="/counts" search={{ sku }}>
              Count {sku}
            </Link>{' '}
            : whatever is found, the doubt is over.
          </p>
        </Panel>
      )}
    </>
  )
}

const ItemLink = ({ sku }: { readonly sku: string }) => (
  <Link to="/items/$sku" params={{ sku }}>
    {sku}
  </Link>
)

/** The document that slipped, where it has a page. */
function DocumentLink({ exception: { document, documentKind } }: { readonly exception: Exception }) {
  if (document === null) return <>—</>
  const params = { id: document }
  if (documentKind === 'purchase')
    return (
      <Link to="/purchases/$id" params={params}>
        Purchase order
      </Link>
    )
  if (documentKind === 'transfer_in')
    return (
      <Link to="/transfers/$id" params={params}>
        Transfer
      </Link>
    )
  if (documentKind === 'output')
    return (
      <Link to="/work-orders/$id" params={params}>
        Work order
      </Link>
    )
  return <>{documentKind === 'order' ? 'An order' : 'What will not come'}</>
}

const states = { hurt: ['short', 'Hurt'], mended: ['good', 'Mended'], over: ['gone', 'Over'] } as const

function WhomItHurts({ exception: { hurt, lines } }: { readonly exception: Exception }) {
  return (
    <Panel
      title="Whom it hurts"
      more={
        hurt.next !== null && (
          <span className={styles['soft']}>
            The most urgent {number(SHOWN)} of {number(lines)}
          </span>
        )
      }
    >
      <ShortTable
        label="Whom it hurts"
        columns={['Order', 'Customer', 'Item', 'Promised', 'Told again', 'Expected', 'State', 'Quantity', 'Value']}
        ends={7}
        rows={hurt.rows.map((row) => ({ key: `${row.order ?? ''}/${row.line}`, cells: hurtCells(row) }))}
      />
    </Panel>
  )
}

function hurtCells(row: Hurt) {
  const [tone, word] = states[row.state]
  return [
    row.order === null ? (
      ''
    ) : (
      <Link key="order" to="/orders/$number" params={{ number: row.order }}>
        {row.order}
      </Link>
    ),
    row.customerName ?? '',
    <ItemLink key="item" sku={row.sku} />,
    row.promised === null ? 'Not promised' : day(row.promised),
    row.promisedAgain === null ? '' : day(row.promisedAgain),
    row.state === 'over' ? '' : row.estimate === null ? 'Not known' : day(row.estimate),
    <Badge key="state" tone={tone}>
      {word}
    </Badge>,
    number(row.quantity),
    money(row.value),
  ]
}

function WhatCanBeDone({ site, exception }: { readonly site: string; readonly exception: Exception }) {
  const may = useMay()
  const { id, remedies, absent } = exception
  const [chosen, setChosen] = useState<string>()
  const apply = useWrite<Remedy, unknown>(
    ({ remedy, with: partner, quantity, cost, date }, key) =>
      write('POST', '/api/exceptions/{id}/remedy', { params: { id }, body: { site, remedy, with: partner, quantity, cost, date }, key }),
    { onDone: () => setChosen(undefined) },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const one = remedies.find((remedy) => nameOf(remedy) === chosen)
    if (one !== undefined) apply.mutate(one)
  }
  return (
    <Panel title="What can be done">
      <form onSubmit={submit}>
        {remedies.length === 0 ? (
          <p className={styles['soft']}>Nothing that is known would help.</p>
        ) : (
          <ShortTable
            label="What can be done"
            columns={['Do', 'Why it costs this', 'Comes', 'In time', 'Sooner or told', 'Saves', 'Cost']}
            ends={3}
            rows={remedies.map((remedy) => ({
              key: nameOf(remedy),
              cells: [
                <Choice key="choice" remedy={remedy} isChosen={chosen === nameOf(remedy)} onChoose={setChosen} />,
                remedy.because,
                day(remedy.date),
                number(remedy.inTime),
                number(remedy.lines),
                money(remedy.value),
                remedy.cost === null ? 'Not known' : money(remedy.cost),
              ],
            }))}
          />
        )}
        {apply.error !== null && <ProblemBox problem={apply.error} />}
        {may('applyRemedy') && remedies.length > 0 && (
          <div className={styles['buttons']}>
            <Button type="submit" disabled={chosen === undefined} loading={apply.isPending}>
              Do it
            </Button>
          </div>
        )}
      </form>
      {absent.map(({ what, why }) => (
        <p key={what} className={styles['soft']}>
          Not offered: {what}. {why}
        </p>
      ))}
    </Panel>
  )
}

const nameOf = ({ remedy, with: partner }: Pick<Remedy, 'remedy' | 'with'>): string =>
  [remedyWord(remedy), partner].filter((part) => part !== null).join(' ')

interface ChoiceProps {
  readonly remedy: Remedy
  readonly isChosen: boolean
  readonly onChoose: (name: string) => void
}

/** One of a group: arrow keys go from one to the next, and Enter does it. */
function Choice({ remedy, isChosen, onChoose }: ChoiceProps) {
  const name = nameOf(remedy)
  return (
    <label className={styles['choice']}>
      <input type="radio" name="remedy" value={name} checked={isChosen} onChange={() => onChoose(name)} />
      {name}
    </label>
  )
}

function WhatWasDone({ exception: { done } }: { readonly exception: Exception }) {
  return (
    <Panel title="What was done">
      {done.map(({ occurredAt, data }) => {
        const { remedy, with: partner, lines, document } = data as { remedy: string; with: string | null; lines: number; document: string | null }
        return (
          <Done key={occurredAt}>
            {instant(occurredAt)}: {nameOf({ remedy: remedy as Remedy['remedy'], with: partner })}, for {number(lines)} lines.{' '}
            <Undo remedy={remedy} document={document} />
          </Done>
        )
      })}
    </Panel>
  )
}

/** How what left no document behind is undone, or why it cannot be. */
const undoWords: Readonly<Partial<Record<Remedy['remedy'], string>>> = {
  substitute: 'To undo it, change the orders: take out what is sent instead and add what was asked for.',
  split: 'It cannot be undone once the first part has left.',
  repromise: 'It cannot be undone: customers have been told.',
  cancel: 'To undo it, add the lines to their orders again.',
}

/** How it is undone, or why it cannot be. */
function Undo({ remedy, document }: { readonly remedy: string; readonly document: string | null }) {
  if (document !== null && remedy === 'transfer') {
    return (
      <span>
        To undo it, call off what has not left of{' '}
        <Link to="/transfers/$id" params={{ id: document }}>
          the transfer
        </Link>
        .
      </span>
    )
  }
  if (document !== null) {
    return (
      <>
        To undo it, cancel the rest of{' '}
        <Link to="/purchases/$id" params={{ id: document }}>
          the new purchase order
        </Link>
        ; what was called off of the late one is ordered anew.
      </>
    )
  }
  return <>{undoWords[remedy as Remedy['remedy']] ?? ''}</>
}
