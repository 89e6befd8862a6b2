// Explain: why a figure of an item is what it is: the figure, a sentence, and every row that it is made of, newest first, with what there was after each
// and a way to its document. What is looked at stands in the address, so that a colleague is shown the same.

import { SegmentedControl } from '@mantine/core'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/SegmentedControl.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { read, type Answer, type Problem } from './client.ts'
import { DocumentLink } from './document-link.tsx'
import { explainFigures } from './explain-search.ts'
import { live } from './live.ts'
import { useMay } from './session.tsx'
import { useSite } from './site.ts'
import { Badge } from './ui/badge.tsx'
import { day, instant, money, number } from './ui/format.ts'
import { List, type Column } from './ui/list.tsx'
import { Facts, Filters, Page } from './ui/page.tsx'
import { usePages } from './ui/pages-of.ts'
import { Empty, Told } from './ui/tell.tsx'
import { explainWords, methodWords, plannedWord, sentence } from './ui/words.ts'

type Quantity = Answer<'explainQuantity'>
type Cost = Answer<'explainCost'>
type Available = Answer<'explainAvailability'>

const route = getRouteApi('/items/$sku/explain')
const endpoints = { quantity: 'explainQuantity', availability: 'explainAvailability', value: 'explainCost' } as const

export function ExplainPage() {
  const { sku } = route.useParams()
  const { figure: wanted = 'quantity' } = route.useSearch()
  const navigate = route.useNavigate()
  const site = useSite()
  const may = useMay()
  const allowed = explainFigures.filter((one) => may(endpoints[one]))
  const figure = allowed.includes(wanted) ? wanted : allowed[0]
  const views = { quantity: QuantityExplained, availability: AvailabilityExplained, value: ValueExplained }
  const View = figure === undefined ? undefined : views[figure]
  return (
    <Page
      fills
      title={`${sku} explained`}
      about={`At ${site}: each figure, and every row that it is made of`}
      back={{ to: '/items/$sku', params: { sku }, text: sku }}
    >
      {View === undefined || figure === undefined ? (
        <Empty title="You may not look into this">Figures are explained to those who buy, plan, store and audit.</Empty>
      ) : (
        <>
          <Filters>
            <SegmentedControl
              aria-label="Figure"
              value={figure}
              onChange={(chosen) =>
                void navigate({
                  search: (before) => ({ ...(before.site ? { site: before.site } : {}), figure: chosen }),
                  replace: true,
                })
              }
              data={allowed.map((one) => ({ value: one, label: explainWords[one] }))}
            />
          </Filters>
          <View sku={sku} site={site} />
        </>
      )}
    </Page>
  )
}

interface Of {
  readonly sku: string
  readonly site: string
}

/** The sentence, and the figures that it is about. */
function Said({ says, figures }: { readonly says: string; readonly figures: readonly (readonly [string, ReactNode])[] }) {
  return (
    <>
      <Facts facts={figures} />
      <p role="status">{says}</p>
    </>
  )
}

const nothingMoved = <Empty title="Nothing has moved">What comes in and goes out stands here, move by move.</Empty>

const quantityColumns: readonly Column<Quantity['rows'][number] & { readonly site: string }>[] = [
  { id: 'when', header: 'When', width: 'minmax(150px, 1.2fr)', role: 'title', cell: (row) => instant(row.occurredAt) },
  { id: 'cause', header: 'Why', width: 'minmax(110px, 1fr)', role: 'badge', cell: (row) => sentence(row.cause) },
  { id: 'document', header: 'Document', width: 'minmax(130px, 1.2fr)', cell: (row) => <DocumentLink of={row} site={row.site} /> },
  { id: 'way', header: 'Way', width: 'minmax(150px, 1.4fr)', role: 'wide', cell: (row) => `${row.from} → ${row.to}` },
  { id: 'label', header: 'Lot or serial', width: 'minmax(90px, 1fr)', cell: (row) => row.serial || row.lot },
  { id: 'in', header: 'In', width: '80px', end: true, cell: (row) => (row.in === 0 ? '' : number(row.in)) },
  { id: 'out', header: 'Out', width: '80px', end: true, cell: (row) => (row.out === 0 ? '' : number(row.out)) },
  { id: 'sum', header: 'Then there', width: '100px', end: true, cell: (row) => number(row.sum) },
  { id: 'sequence', header: 'Move', width: '90px', end: true, cell: (row) => number(row.sequence) },
]

function QuantityExplained({ sku, site }: Of) {
  const { place, lot, serial, condition } = route.useSearch()
  const asked = { site, sku, ...(place && { place }), ...(lot && { lot }), ...(serial && { serial }), ...(condition && { condition }) }
  const head = useQuery<Quantity, Problem>({
    queryKey: ['explain', 'quantity', asked, 'head'],
    queryFn: ({ signal }) => read('/api/explain/quantity', { query: { ...asked, limit: 1 } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const rows = usePages(
    ['explain', 'quantity', asked],
    async (page, signal) => {
      const answer = await read('/api/explain/quantity', { query: { ...asked, ...page } }, signal)
      return { rows: answer.rows.map((row) => ({ ...row, site })), next: answer.next }
    },
    site !== '',
  )
  const where = [place, lot, serial, condition === undefined ? undefined : sentence(condition)].filter((one) => one !== undefined).join(', ')
  return (
    <>
      <Told query={head} rows={2}>
        {({ figure, says }) => <Said says={says} figures={[[where === '' ? 'In all' : where, number(figure.quantity)]]} />}
      </Told>
      <List
        name="explain-quantity"
        label="Moves, newest first"
        columns={quantityColumns}
        query={rows}
        keyOf={(row) => String(row.sequence)}
        empty={nothingMoved}
      />
    </>
  )
}

const valueColumns: readonly Column<Cost['rows'][number] & { readonly site: string }>[] = [
  {
    id: 'when',
    header: 'When',
    width: 'minmax(150px, 1.2fr)',
    role: 'title',
    cell: (row) => (row.occurredAt === null ? day(row.countsOn ?? row.recordedAt.slice(0, 10)) : instant(row.occurredAt)),
  },
  {
    id: 'cause',
    header: 'Why',
    width: 'minmax(130px, 1fr)',
    role: 'badge',
    cell: (row) => (row.kind === 'correction' ? <Badge tone="busy">{sentence(row.cause)}</Badge> : sentence(row.cause)),
  },
  { id: 'document', header: 'Document', width: 'minmax(130px, 1.2fr)', cell: (row) => <DocumentLink of={row} site={row.site} /> },
  { id: 'against', header: 'From or to', width: 'minmax(110px, 1fr)', cell: (row) => sentence(row.against) },
  { id: 'quantity', header: 'Quantity', width: '90px', end: true, cell: (row) => (row.quantity === 0 ? '' : number(row.quantity)) },
  { id: 'value', header: 'Value', width: 'minmax(100px, 1fr)', end: true, cell: (row) => money(row.value) },
  { id: 'sumQuantity', header: 'Then there', width: '100px', end: true, cell: (row) => number(row.sumQuantity) },
  { id: 'sumValue', header: 'Then worth', width: 'minmax(110px, 1fr)', end: true, cell: (row) => money(row.sumValue) },
]

function ValueExplained({ sku, site }: Of) {
  const head = useQuery<Cost, Problem>({
    queryKey: ['explain', 'cost', sku, site, 'head'],
    queryFn: ({ signal }) => read('/api/explain/cost', { query: { site, sku, limit: 1 } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const rows = usePages(
    ['explain', 'cost', sku, site],
    async (page, signal) => {
      const answer = await read('/api/explain/cost', { query: { site, sku, ...page } }, signal)
      return { rows: answer.rows.map((row) => ({ ...row, site })), next: answer.next }
    },
    site !== '',
  )
  return (
    <>
      <Told query={head} rows={2}>
        {({ figure, says, method, pendingFrom }) => (
          <Said
            says={pendingFrom === null ? says : `${says} Costs from ${day(pendingFrom)} are being corrected.`}
            figures={[
              ['Quantity', number(figure.quantity)],
              ['Value', money(figure.value)],
              ['Each', figure.each === null ? '—' : money(figure.each)],
              ['The next to leave', figure.leaves === null ? '—' : money(figure.leaves)],
              ['Valued by', methodWords[method]],
            ]}
          />
        )}
      </Told>
      <List
        name="explain-value"
        label="Moves and corrections of value, newest first"
        columns={valueColumns}
        query={rows}
        keyOf={(row) => row.correction ?? String(row.sequence)}
        empty={nothingMoved}
      />
    </>
  )
}

/** A stock row or a planned move, as one list has both. */
interface AvailableRow {
  readonly key: string
  readonly what: ReactNode
  readonly line: number | null
  readonly word: string
  readonly due: string
  readonly stock: number | null
  readonly expected: number | null
  readonly asked: number | null
  readonly held: number | null
}

const some = (of: number | null): string => (of === null ? '' : number(of))
const availableColumns: readonly Column<AvailableRow>[] = [
  { id: 'what', header: 'What', width: 'minmax(170px, 2fr)', role: 'title', cell: (row) => row.what },
  { id: 'word', header: 'Kind', width: 'minmax(110px, 1fr)', role: 'badge', cell: (row) => row.word },
  { id: 'line', header: 'Line', width: '70px', end: true, cell: (row) => some(row.line) },
  { id: 'due', header: 'Due', width: 'minmax(110px, 1fr)', cell: (row) => (row.due === '' ? '' : day(row.due)) },
  { id: 'stock', header: 'On hand', width: '90px', end: true, cell: (row) => some(row.stock) },
  { id: 'held', header: 'Reserved', width: '90px', end: true, cell: (row) => some(row.held) },
  { id: 'asked', header: 'Demand', width: '90px', end: true, cell: (row) => some(row.asked) },
  { id: 'expected', header: 'Incoming', width: '90px', end: true, cell: (row) => some(row.expected) },
]

function availableRows({ stock, planned }: Available, site: string): readonly AvailableRow[] {
  const none = { line: null, stock: null, expected: null, asked: null, held: null }
  return [
    ...stock.map((row) => ({
      ...none,
      key: ['stock', row.place, row.lot, row.serial, row.package, row.owner].join('|'),
      what: [row.place, row.lot, row.serial, row.package].filter((one) => one !== '').join(' · '),
      word: row.consigned ? `Consigned by ${row.owner}` : 'Stock',
      due: '',
      stock: row.quantity,
    })),
    ...planned.map((row) => ({
      ...none,
      key: [row.document, row.line, row.part].join('|'),
      what: <DocumentLink of={row} site={site} />,
      line: row.line,
      word: plannedWord(row.kind),
      due: row.due,
      ...(row.direction === 'supply' ? { expected: row.open } : { asked: row.open, held: row.held }),
    })),
  ]
}

function AvailabilityExplained({ sku, site }: Of) {
  const head = useQuery<Available, Problem>({
    queryKey: ['explain', 'availability', sku, site, 'head'],
    queryFn: ({ signal }) => read('/api/explain/availability', { query: { site, sku, limit: 1 } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const rows = usePages<AvailableRow>(
    ['explain', 'availability', sku, site],
    async (page, signal) => {
      const answer = await read('/api/explain/availability', { query: { site, sku, ...page } }, signal)
      return { rows: availableRows(answer, site), next: answer.next }
    },
    site !== '',
  )
  return (
    <>
      <Told query={head} rows={2}>
        {({ figure, says }) => (
          <Said
            says={says}
            figures={[
              ['On hand', number(figure.sellable)],
              ['Reserved', number(figure.reserved)],
              ...(figure.doubted === 0 ? [] : [['Doubted by belief', number(figure.doubted)] as const]),
              ['Free', number(figure.free)],
              ...(figure.consigned === 0 ? [] : [['On consignment', number(figure.consigned)] as const]),
              ['Demand', number(figure.demand)],
              ['Incoming', number(figure.supply)],
              ['Can be promised today', number(figure.promisable)],
            ]}
          />
        )}
      </Told>
      <List
        name="explain-availability"
        label="Stock, and what is planned, by day"
        columns={availableColumns}
        query={rows}
        keyOf={(row) => row.key}
        empty={<Empty title="Nothing is here, asked for or expected">Stock rows, and orders and supply that are open, stand here.</Empty>}
      />
    </>
  )
}
