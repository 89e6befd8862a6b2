// Order, explained: what was promised for one line, what was noted when it was, and the rows that it stands on now: what is open and held of it, and
// the supply that it waits for, through every work order.

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { read, type Answer, type Problem } from '../client.ts'
import { DocumentLink } from '../document-link.tsx'
import { live } from '../live.ts'
import { day, instant, number } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty } from '../ui/tell.tsx'
import { eventWord, plannedWord, reasonWords, sentence } from '../ui/words.ts'

type Explained = Answer<'explainPromise'>

const route = getRouteApi('/orders/$number/explain/$line')
const dayOr = (one: string | null, otherwise: string): string => (one === null ? otherwise : day(one))

export function OrderExplainPage() {
  const { number: order, line } = route.useParams()
  const query = useQuery<Explained, Problem>({
    queryKey: ['order', order, 'explain', line],
    queryFn: ({ signal }) => read('/api/explain/promises/{number}/{line}', { params: { number: order, line } }, signal),
    meta: live,
  })
  const title = `Line ${line} of ${order} explained`
  const back = { to: '/orders/$number', params: { number: order }, text: order } as const
  const told = query.data
  if (told === undefined) return <AwaitedPage query={query} title={title} back={back} />
  return (
    <Page title={title} back={back} about={told.says}>
      <Facts
        facts={[
          [
            'Item',
            <Link key="item" to="/items/$sku" params={{ sku: told.sku }}>
              {told.sku}
            </Link>,
          ],
          ['Quantity', number(told.quantity)],
          ['Served by', told.source],
          ['Promised', dayOr(told.figure.promised, 'No day')],
          ['Told last', dayOr(told.figure.told, 'No day')],
          ['Estimate', dayOr(told.figure.estimate, told.demand.length === 0 ? 'Nothing is open' : 'Unknown')],
        ]}
      />
      <Panel title="What was noted when it was promised">
        <Noted told={told} />
      </Panel>
      <Panel title="What of it is open now">
        <Open told={told} />
      </Panel>
      <Panel title="Supply that it waits for">
        <Supply told={told} />
      </Panel>
    </Page>
  )
}

function Noted({ told: { events, given, later } }: { readonly told: Explained }) {
  const rows = [
    ...events.map((one) => ({
      key: `event ${one.sequence}`,
      cells: [
        eventWord(one.type),
        instant(one.recordedAt),
        one.held === null ? '' : number(one.held),
        number(one.quantity),
        dayOr(one.promised, 'No day'),
      ],
    })),
    ...given.map((one) => ({
      key: `given ${one.number ?? 0}`,
      cells: [
        `Promised ${reasonWords[one.reason] ?? sentence(one.reason)}`,
        instant(one.givenAt),
        '',
        number(one.quantity),
        dayOr(one.promised, 'No day'),
      ],
      ...(one.because === null ? {} : { more: one.because }),
    })),
    ...later.map((one) => ({ key: `later ${one.number}`, cells: ['Told another day', instant(one.promisedAt), '', '', day(one.promised)] })),
  ]
  return <ShortTable label="What was noted when it was promised" columns={['What', 'When', 'Held at once', 'Quantity', 'Day']} ends={2} rows={rows} />
}

function Open({ told: { demand } }: { readonly told: Explained }) {
  if (demand.length === 0) return <Empty title="Nothing of it is open">All of it has left, or was cancelled.</Empty>
  return (
    <ShortTable
      label="What of it is open now"
      columns={['Document', 'Kind', 'Due', 'Open', 'Held', 'Waits for supply']}
      ends={3}
      rows={demand.map((one) => ({
        key: [one.site, one.document, one.line, one.part].join('|'),
        cells: [
          <DocumentLink key="document" of={one} site={one.site} />,
          plannedWord(one.kind),
          day(one.due),
          number(one.open),
          number(one.held),
          number(one.pegged),
        ],
      }))}
    />
  )
}

function Supply({ told: { pegs, demand } }: { readonly told: Explained }) {
  if (pegs.length === 0)
    return (
      <Empty title="It waits for no supply">
        {demand.length === 0 ? 'Nothing of it is open.' : 'What is open is held in stock, or nothing is known that covers it.'}
      </Empty>
    )
  return (
    <ShortTable
      label="Supply that it waits for"
      columns={['Document', 'Kind', 'Due', 'Expected in all', 'For this']}
      ends={3}
      rows={pegs.map((one) => ({
        key: [one.site, one.document, one.line, one.part, one.for.document, one.for.line, one.for.part].join('|'),
        cells: [
          <DocumentLink key="document" of={one} site={one.site} />,
          plannedWord(one.kind),
          day(one.due),
          number(one.open),
          number(one.quantity),
        ],
      }))}
    />
  )
}
