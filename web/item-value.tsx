// Item, its value: what a site's stock of it is worth and by which method, the layers it is made of, and what was corrected since something came late.

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { read, type Answer, type Problem } from './client.ts'
import { live } from './live.ts'
import { Badge } from './ui/badge.tsx'
import { day, instant, money, number } from './ui/format.ts'
import { Panel } from './ui/page.tsx'
import { ShortTable } from './ui/short-table.tsx'
import { Told } from './ui/tell.tsx'
import { sentence } from './ui/words.ts'

type Value = Answer<'getItemValue'>

const methodNames = { average: 'at the moving average', fifo: 'first in, first out', standard: 'at a standard cost' } as const

export function Worth({ sku, site }: { readonly sku: string; readonly site: string }) {
  const query = useQuery<Value, Problem>({
    queryKey: ['item', sku, 'value', site],
    queryFn: ({ signal }) => read('/api/items/{sku}/value', { params: { sku }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel
      title={`What it is worth at ${site}`}
      more={
        <Link to="/items/$sku/explain" params={{ sku }} search={{ site, figure: 'value' }}>
          How it came about
        </Link>
      }
    >
      <Told query={query} rows={2}>
        {(value) => (
          <>
            <p>
              {number(value.quantity)} are worth {money(value.value)}, {methodNames[value.method]}
              {value.quantity > 0 && `: ${money(value.value / value.quantity)} each`}.{' '}
              {value.pendingFrom !== null && <Badge tone="busy">{`Costs from ${day(value.pendingFrom)} are being corrected`}</Badge>}
            </p>
            {value.layers.length > 1 && <Layers layers={value.layers} />}
            {value.corrections.length > 0 && <Corrections corrections={value.corrections} />}
          </>
        )}
      </Told>
    </Panel>
  )
}

function Layers({ layers }: Pick<Value, 'layers'>) {
  return (
    <ShortTable
      label="Layers, the oldest first"
      columns={['Layer', 'Quantity', 'Each', 'Value']}
      ends={1}
      rows={layers.map((layer, index) => ({
        key: String(index),
        cells: [`Layer ${index + 1}`, number(layer.quantity), money(layer.value / layer.quantity), money(layer.value)],
      }))}
    />
  )
}

function Corrections({ corrections }: Pick<Value, 'corrections'>) {
  return (
    <ShortTable
      label="Corrections of value, newest first"
      columns={['Counts on', 'Why', 'Against', 'Recorded', 'Value']}
      ends={4}
      rows={corrections.map((row, index) => ({
        key: String(index),
        cells: [day(row.countsOn), reasons[row.reason] ?? sentence(row.reason), sentence(row.against), instant(row.recordedAt), money(row.amount)],
      }))}
    />
  )
}

const reasons: Readonly<Record<string, string>> = {
  true_up: 'Sold before it came in',
  variance: 'Paid beside the standard',
  restated: 'Valued anew',
  revalued: 'Something came late',
}
