// Shortages: what a site lacks, and what covering it would order, line by line with the reason; nothing is ordered until somebody says so.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { read, write, type Answer, type Problem } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Badge } from '../ui/badge.tsx'
import { day, number } from '../ui/format.ts'
import { Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './documents.module.css'

type Shortages = Answer<'listShortages'>

export function ShortagesPage() {
  const may = useMay()
  const site = useSite()
  const query = useQuery<Shortages, Problem>({
    queryKey: ['shortages', site],
    queryFn: ({ signal }) => read('/api/shortages', { query: { site } }, signal),
    enabled: site !== '',
    // What covering would order is worked out anew each time: not at every event.
    staleTime: 60_000,
  })
  const cover = useWrite<{ readonly site: string }, Answer<'coverShortages'>>((body, key) => write('POST', '/api/shortages/cover', { body, key }), {
    onDone: () => void query.refetch(),
  })
  const orders = query.data === undefined ? 0 : query.data.purchases.length + query.data.workOrders.length + query.data.transfers.length
  return (
    <Page
      title="Shortages"
      about={`What ${site} lacks, and what covering it would order.${cover.data === undefined ? ' Nothing is ordered yet.' : ''}`}
      actions={
        <>
          <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
            Work it out again
          </Button>
          {may('coverShortages') && (
            <Button disabled={orders === 0} loading={cover.isPending} onClick={() => cover.mutate({ site })}>
              Order it
            </Button>
          )}
        </>
      }
    >
      {cover.error !== null && <ProblemBox problem={cover.error} retry={() => cover.mutate({ site })} />}
      {cover.data !== undefined && cover.error === null && <Covered cover={cover.data} />}
      <Panel title="What is short">
        <Told query={query} rows={8}>
          {(shortages) =>
            shortages.lines.length === 0 ? (
              <Empty title="Nothing is short">Everything that is asked for is there or on its way.</Empty>
            ) : (
              <Lines shortages={shortages} />
            )
          }
        </Told>
      </Panel>
    </Page>
  )
}

/** What was ordered just now. */
function Covered({ cover }: { readonly cover: Answer<'coverShortages'> }) {
  const made = [
    ['/purchases', cover.purchases.length, 'purchase order'],
    ['/work-orders', cover.workOrders.length, 'work order'],
    ['/transfers', cover.transfers.length, 'transfer'],
  ] as const
  const some = made.filter(([, count]) => count > 0)
  if (some.length === 0) return <p role="status">Nothing was ordered: it was covered meanwhile.</p>
  return (
    <p role="status">
      <Badge tone="good">Ordered</Badge>
      {some.map(([to, count, what], index) => (
        <span key={to}>
          {index === 0 ? ' ' : ', '}
          <Link to={to}>{counted(count, what)}</Link>
        </span>
      ))}
      .{cover.more && ' More is short than one order covers: order once more.'}
    </p>
  )
}

const counted = (some: number, what: string): string => `${number(some)} ${what}${some === 1 ? '' : 's'}`

function Lines({ shortages }: { readonly shortages: Shortages }) {
  return (
    <>
      <p className={styles['sum']}>
        <span>{counted(new Set(shortages.lines.map((line) => line.sku)).size, 'item')} short</span>
        <span>{counted(shortages.purchases.length, 'purchase order')} to suppliers</span>
        <span>{counted(shortages.workOrders.length, 'work order')}</span>
        {shortages.transfers.length > 0 && <span>{counted(shortages.transfers.length, 'transfer')} from other sites</span>}
        {shortages.more && <span>More is short than is shown: order this first.</span>}
      </p>
      <ShortTable
        label="What is short"
        columns={['Item', 'How', 'By', 'Demand', 'Stock', 'Coming', 'Short', 'Ordered']}
        ends={3}
        rows={shortages.lines.map((line) => ({
          key: `${line.sku}/${line.source}/${line.supplier}`,
          cells: [
            <Link key="item" to="/items/$sku" params={{ sku: line.sku }}>
              {line.sku}
            </Link>,
            <How key="how" line={line} />,
            line.due === null ? '' : day(line.due),
            ...[line.demand, line.stock, line.supply, line.short, line.quantity].map((some) => number(some)),
          ],
          more: line.because,
        }))}
      />
    </>
  )
}

function How({ line }: { readonly line: Shortages['lines'][number] }) {
  if (line.source === 'no_source') return <Badge tone="late">No source</Badge>
  if (line.source === 'consigned') return <Badge tone="good">{`Consigned goods here, ${line.supplier}`}</Badge>
  if (line.source === 'production') return <Badge tone="busy">Make</Badge>
  return <Badge tone="busy">{line.source === 'site' ? `From ${line.supplier}` : `Buy from ${line.supplier}`}</Badge>
}
