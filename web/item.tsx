// Item: one item: what can be promised of it at every site, where its pieces lie here, and what moved last.

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ProbablyThere } from './belief.tsx'
import { read, type Answer, type Problem, type RowOf } from './client.ts'
import { Category } from './item-category.tsx'
import { History } from './item-history.tsx'
import { Units } from './item-units.tsx'
import { Worth } from './item-value.tsx'
import type { ExplainSearch } from './explain-search.ts'
import { live } from './live.ts'
import { BehindAndAhead } from './loop/item-picture.tsx'
import { Planned } from './loop/item-plan.tsx'
import { useMay } from './session.tsx'
import { useSite } from './site.ts'
import { ownerOf, standingOf } from './stock.tsx'
import { Badge } from './ui/badge.tsx'
import { instant, money, number } from './ui/format.ts'
import { Facts, Page, Panel } from './ui/page.tsx'
import { ShortTable } from './ui/short-table.tsx'
import { Empty, Loading, ProblemBox, Told } from './ui/tell.tsx'
import { sentence } from './ui/words.ts'

const MOVES_SHOWN = 30
const PIECES_SHOWN = 100

const route = getRouteApi('/items/$sku')

export function ItemPage() {
  const { sku } = route.useParams()
  const site = useSite()
  const may = useMay()
  const query = useQuery<Answer<'listItems'>, Problem>({
    queryKey: ['item', sku],
    queryFn: ({ signal }) => read('/api/items', { query: { sku, limit: 1 } }, signal),
  })
  const item = query.data?.rows[0]
  const back = { to: '/items', text: 'Items' } as const
  if (item === undefined) {
    return (
      <Page title={sku} back={back}>
        {query.error !== null ? (
          <ProblemBox problem={query.error} retry={() => void query.refetch()} />
        ) : query.data === undefined ? (
          <Loading />
        ) : (
          <Empty title={`There is no item ${sku}`}>It may be written differently: search for the beginning of its SKU.</Empty>
        )}
      </Page>
    )
  }
  return (
    <Page title={item.name} back={back} badge={<span className="code">{item.sku}</span>}>
      <Facts
        facts={[
          ['List price', money(item.listPrice)],
          ['Standard cost', money(item.standardCost)],
          ['Category', <Category key="category" sku={item.sku} category={item.category} />],
          ['Unit', item.unit],
          ['Tracked by', item.tracking === 'none' ? 'Nothing' : sentence(item.tracking)],
        ]}
      />
      <Everywhere sku={sku} />
      {may('getItemHistory') && <BehindAndAhead key={`picture ${sku} ${site}`} sku={sku} site={site} />}
      {may('getBelief') && <ProbablyThere key={`${sku} ${site}`} sku={sku} site={site} />}
      {may('getItemPlan') && <Planned key={`plan ${sku} ${site}`} sku={sku} site={site} />}
      {may('getItemHistory') && <History sku={sku} site={site} />}
      <Pieces sku={sku} site={site} />
      {may('getItemValue') && <Worth sku={sku} site={site} />}
      <Units sku={sku} base={item.unit} />
      <Moves sku={sku} site={site} />
    </Page>
  )
}

function Everywhere({ sku }: { readonly sku: string }) {
  const query = useQuery<Answer<'listItemAvailability'>, Problem>({
    queryKey: ['item', sku, 'everywhere'],
    queryFn: ({ signal }) => read('/api/items/{sku}/availability', { params: { sku } }, signal),
    meta: live,
  })
  return (
    <Panel title="At every site">
      <Told query={query} rows={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="No site has it">Neither stock nor demand was ever recorded.</Empty>
          ) : (
            <ShortTable
              label="At every site"
              columns={['Site', 'How it stands', 'On hand', 'Reserved', 'Free', 'Demand', 'Incoming', 'Consigned']}
              ends={2}
              rows={rows.map((row) => ({
                key: row.site,
                cells: [
                  row.siteName === row.site ? row.site : `${row.site} · ${row.siteName}`,
                  standingOf(row),
                  ...figuresOf(row).map(([name, some]) => (
                    <Explain key={name} of={{ sku, site: row.site, figure: 'availability' }} name={name} some={some} />
                  )),
                  number(row.consigned),
                ],
              }))}
            />
          )
        }
      </Told>
    </Panel>
  )
}

const figuresOf = (row: Answer<'listItemAvailability'>['rows'][number]) =>
  [
    ['On hand', row.sellable],
    ['Reserved', row.reserved],
    ['Free', row.free],
    ['Demand', row.demand],
    ['Incoming', row.supply],
  ] as const

interface ExplainProps {
  readonly of: ExplainSearch & { readonly sku: string; readonly site: string }
  readonly name: string
  readonly some: number
}

/** A figure that leads to the rows that it is made of, for whoever may see those. */
function Explain({ of: { sku, ...search }, name, some }: ExplainProps) {
  const may = useMay()
  if (!may(search.figure === 'quantity' ? 'explainQuantity' : 'explainAvailability')) return number(some)
  return (
    <Link to="/items/$sku/explain" params={{ sku }} search={search} aria-label={`${number(some)}: ${name} at ${search.site}, explained`}>
      {number(some)}
    </Link>
  )
}

function Pieces({ sku, site }: { readonly sku: string; readonly site: string }) {
  const query = useQuery<Answer<'listStock'>, Problem>({
    queryKey: ['item', sku, 'pieces', site],
    queryFn: ({ signal }) => read('/api/stock', { query: { site, sku, limit: PIECES_SHOWN } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title={`Where it lies at ${site}`}>
      <Told query={query} rows={2}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <Empty title={`${site} has none`} />
          ) : (
            <>
              <ShortTable
                label={`Where it lies at ${site}`}
                columns={['Place', 'Owner', 'Condition', 'Lot', 'Serial', 'Quantity', 'In picking']}
                ends={5}
                rows={rows.map((row) => ({
                  key: [row.place, row.owner, row.condition, row.lot, row.serial, row.package].join('|'),
                  cells: [
                    row.place,
                    ownerOf(row),
                    <Badge key="condition" tone={row.condition === 'sellable' ? 'good' : 'short'}>
                      {sentence(row.condition)}
                    </Badge>,
                    row.lot && <TraceLink key="lot" row={row} text={row.lot} />,
                    row.serial && <TraceLink key="serial" row={row} text={row.serial} />,
                    <Explain key="quantity" of={{ sku, site, figure: 'quantity', ...pieceOf(row) }} name={row.place} some={row.quantity} />,
                    number(row.allocated),
                  ],
                }))}
              />
              {next !== null && <p>The first {PIECES_SHOWN} are shown; Stock, by place and lot, has them all.</p>}
            </>
          )
        }
      </Told>
    </Panel>
  )
}

const pieceOf = ({ place, lot, serial, condition }: Answer<'listStock'>['rows'][number]): ExplainSearch => ({
  place,
  condition,
  ...(lot === '' ? {} : { lot }),
  ...(serial === '' ? {} : { serial }),
})

/** A lot's or a serial's number, which leads to where it came from and who has it. */
function TraceLink({ row: { sku, lot, serial }, text }: { readonly row: Pick<RowOf<'listStock'>, 'sku' | 'lot' | 'serial'>; readonly text: string }) {
  const may = useMay()
  if (!may('traceLot')) return <>{text}</>
  return (
    <Link to="/items/$sku/trace" params={{ sku }} search={serial === '' ? { lot } : { serial }}>
      {text}
    </Link>
  )
}

function Moves({ sku, site }: { readonly sku: string; readonly site: string }) {
  const query = useQuery<Answer<'listMoves'>, Problem>({
    queryKey: ['item', sku, 'moves', site],
    queryFn: ({ signal }) => read('/api/moves', { query: { site, sku, from: 'newest', limit: MOVES_SHOWN } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title={`What moved last at ${site}`}>
      <Told query={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing has moved" />
          ) : (
            <ShortTable
              label={`What moved last at ${site}`}
              columns={['When', 'Why', 'From', 'To', 'Lot or serial', 'Quantity', 'Value']}
              ends={5}
              rows={rows.map((row) => ({
                key: String(row.sequence),
                cells: [
                  instant(row.occurredAt),
                  sentence(row.cause),
                  row.from,
                  row.to,
                  (row.serial || row.lot) && <TraceLink key="label" row={row} text={row.serial || row.lot} />,
                  number(row.quantity),
                  money(row.value),
                ],
              }))}
            />
          )
        }
      </Told>
    </Panel>
  )
}
