// Trace: one lot or serial over all sites: what went into it and what was made of it as a picture, and below who sent it, where it stands and who has it,
// for whoever must call them. From here it is recalled.

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { read, type Problem } from './client.ts'
import { live } from './live.ts'
import { RecallActions } from './recall.tsx'
import { TracePicture } from './trace-picture.tsx'
import type { Trace, TracedLot } from './traced.ts'
import styles from './trace.module.css'
import { Badge } from './ui/badge.tsx'
import { day, instant, number, shortId } from './ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from './ui/page.tsx'
import { ShortTable } from './ui/short-table.tsx'
import { Empty } from './ui/tell.tsx'
import { labelWord, sentence } from './ui/words.ts'

/** Rows of a list that are shown; what is behind them is said. */
const SHOWN = 200

const route = getRouteApi('/items/$sku/trace')
const back = { to: '/items', text: 'Items' } as const

export function TracePage() {
  const { sku } = route.useParams()
  const { lot = '', serial = '' } = route.useSearch()
  const query = useQuery<Trace, Problem>({
    queryKey: ['trace', sku, lot, serial],
    queryFn: ({ signal }) => read('/api/items/{sku}/trace', { params: { sku }, query: { lot, serial } }, signal),
    meta: live,
  })
  const title = `${labelWord({ lot, serial })} of ${sku}`
  const trace = query.data
  if (trace === undefined) return <AwaitedPage query={query} title={title} back={back} />
  const one = trace.lots.find((some) => some.level === 0)!
  return (
    <Page
      title={title}
      about={one.name}
      back={back}
      badge={one.recalled ? <Badge tone="late">Recalled</Badge> : undefined}
      actions={<RecallActions sku={sku} lot={lot} serial={serial} recall={trace.recall} />}
    >
      <Facts facts={facts(trace, one)} />
      {trace.recall !== null && (
        <p className={styles['recalled']} role="status">
          Recalled {instant(trace.recall.recalledAt)}: {trace.recall.reason}
        </p>
      )}
      <Panel title="Its family">
        <TracePicture trace={trace} />
        <NotAll trace={trace} />
      </Panel>
      <WhoHasIt trace={trace} />
      <WhereItStands trace={trace} />
      <OnItsWay trace={trace} />
      <WhereItCameFrom trace={trace} />
      {trace.gone.length > 0 && <Gone trace={trace} />}
    </Page>
  )
}

function facts({ standing, customers, received }: Trace, one: TracedLot): readonly (readonly [string, ReactNode])[] {
  const pieces = standing.reduce((sum, row) => sum + row.quantity, 0)
  const suppliers = [...new Set(received.flatMap((row) => (row.supplierName === null ? [] : [row.supplierName])))]
  return [
    ['Item', <ItemLink key="item" sku={one.sku} />],
    ['Expires', one.expiresOn === null ? '—' : day(one.expiresOn)],
    ['Behind it', suppliers.length === 0 ? 'No supplier told' : suppliers.length === 1 ? suppliers[0] : `${number(suppliers.length)} suppliers`],
    ['Still here', `${number(pieces)} pieces`],
    ['Customers who have some', number(new Set(customers.map((row) => row.customer ?? row.order)).size)],
  ]
}

/** What this list does not show, and why. */
function NotAll({ trace: { complete, unseenSites } }: { readonly trace: Trace }) {
  if (complete && unseenSites === 0) return null
  return (
    <p className={styles['soft']}>
      {!complete && 'The family is larger than one page shows: follow what was made of it lot by lot. '}
      {unseenSites > 0 && `${number(unseenSites)} more sites had some of it that you may not see.`}
    </p>
  )
}

const ItemLink = ({ sku }: { readonly sku: string }) => (
  <Link to="/items/$sku" params={{ sku }}>
    {sku}
  </Link>
)

/** A lot as a row names it, with the way to its own trace. */
function LotLink({ one: { sku, lot, serial } }: { readonly one: TracedLot }) {
  if (lot === '' && serial === '') return <ItemLink sku={sku} />
  return (
    <Link to="/items/$sku/trace" params={{ sku }} search={serial === '' ? { lot } : { serial }}>
      {`${sku} · ${serial || lot}`}
    </Link>
  )
}

const more = (rows: readonly unknown[]) =>
  rows.length > SHOWN && (
    <span className={styles['soft']}>
      The first {number(SHOWN)} of {number(rows.length)}
    </span>
  )

function WhoHasIt({ trace: { customers, lots } }: { readonly trace: Trace }) {
  return (
    <Panel title="Who has it" more={more(customers)}>
      {customers.length === 0 ? (
        <Empty title="No customer has any of it" />
      ) : (
        <ShortTable
          label="Customers who have some of it"
          columns={['Customer', 'Order', 'What', 'From', 'When', 'Quantity']}
          ends={5}
          rows={customers.slice(0, SHOWN).map((row) => ({
            key: `${row.lot} ${row.site} ${row.order ?? row.at} ${row.line}`,
            cells: [
              row.customerName ?? 'Nobody was named',
              row.order === null ? (
                ''
              ) : (
                <Link key="order" to="/orders/$number" params={{ number: row.order }}>
                  {row.order}
                </Link>
              ),
              <LotLink key="lot" one={lots[row.lot]!} />,
              row.site,
              instant(row.at),
              number(row.quantity),
            ],
          }))}
        />
      )}
    </Panel>
  )
}

function WhereItStands({ trace: { standing, lots } }: { readonly trace: Trace }) {
  return (
    <Panel title="Where it stands" more={more(standing)}>
      {standing.length === 0 ? (
        <Empty title="None of it is here any more" />
      ) : (
        <ShortTable
          label="Where it stands"
          columns={['What', 'Site', 'Place', 'Condition', 'Quantity', 'In picking']}
          ends={4}
          rows={standing.slice(0, SHOWN).map((row) => ({
            key: `${row.lot} ${row.site} ${row.place} ${row.condition}`,
            cells: [
              <LotLink key="lot" one={lots[row.lot]!} />,
              row.site,
              row.place,
              <Badge key="condition" tone={row.condition === 'sellable' ? 'good' : 'short'}>
                {sentence(row.condition)}
              </Badge>,
              number(row.quantity),
              number(row.allocated),
            ],
          }))}
        />
      )}
    </Panel>
  )
}

/** Between sites, and in work that is not finished: neither stands anywhere, and both will. */
function OnItsWay({ trace: { underWay, inProduction, lots } }: { readonly trace: Trace }) {
  if (underWay.length + inProduction.length === 0) return null
  return (
    <Panel title="On its way">
      <ShortTable
        label="On its way"
        columns={['What', 'In', 'From', 'To']}
        ends={4}
        rows={[
          ...underWay.map((row) => ({
            key: `${row.lot} ${row.transfer}`,
            cells: [
              <LotLink key="lot" one={lots[row.lot]!} />,
              <Link key="transfer" to="/transfers/$id" params={{ id: row.transfer }} search={{ site: row.from }}>
                {`Transfer ${shortId(row.transfer)}`}
              </Link>,
              row.from,
              row.to,
            ],
          })),
          ...inProduction.map((row) => ({
            key: `${row.lot} ${row.workOrder}`,
            cells: [
              <LotLink key="lot" one={lots[row.lot]!} />,
              <Link key="work" to="/work-orders/$id" params={{ id: row.workOrder }} search={{ site: row.site }}>
                {`Work order ${shortId(row.workOrder)}`}
              </Link>,
              row.site,
              <ItemLink key="item" sku={row.sku} />,
            ],
          })),
        ]}
      />
    </Panel>
  )
}

function WhereItCameFrom({ trace: { received, lots } }: { readonly trace: Trace }) {
  return (
    <Panel title="Where it came from" more={more(received)}>
      {received.length === 0 ? (
        <Empty title="None of it was received">It was made here of what is not told apart by lot.</Empty>
      ) : (
        <ShortTable
          label="Where it came from"
          columns={['What', 'Supplier', 'How', 'Site', 'When', 'Quantity']}
          ends={5}
          rows={received.slice(0, SHOWN).map((row) => ({
            key: `${row.lot} ${row.site} ${row.document} ${row.at}`,
            cells: [
              <LotLink key="lot" one={lots[row.lot]!} />,
              row.supplierName ?? '',
              row.isPurchase ? (
                <Link key="purchase" to="/purchases/$id" params={{ id: row.document }} search={{ site: row.site }}>
                  {`Purchase ${shortId(row.document)}`}
                </Link>
              ) : (
                sentence(row.cause)
              ),
              row.site,
              instant(row.at),
              number(row.quantity),
            ],
          }))}
        />
      )}
    </Panel>
  )
}

const Gone = ({ trace: { gone, lots } }: { readonly trace: Trace }) => (
  <Panel title="What is gone" more={more(gone)}>
    <ShortTable
      label="What is gone"
      columns={['What', 'Why', 'Site', 'When', 'Quantity']}
      ends={4}
      rows={gone.slice(0, SHOWN).map((row) => ({
        key: `${row.lot} ${row.site} ${row.cause} ${row.at}`,
        cells: [<LotLink key="lot" one={lots[row.lot]!} />, sentence(row.cause), row.site, instant(row.at), number(row.quantity)],
      }))}
    />
  </Panel>
)
