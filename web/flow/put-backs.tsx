// Put-backs: what stands at packing for nobody, because its order was changed or cancelled after it was picked. A package is opened first; then the
// goods go to the bin that is suggested. Nothing is shown while there is nothing to carry.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read, write, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { number } from '../ui/format.ts'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './order.module.css'

type Row = RowOf<'listPutBacks'>

const SHOWN_MAX = 100

export function PutBacks({ site }: { readonly site: string }) {
  const [isOpen, setOpen] = useState(false)
  const { data } = useQuery<Answer<'listPutBacks'>, Problem>({
    queryKey: ['put-backs', site],
    queryFn: ({ signal }) => read('/api/put-backs', { query: { site, limit: SHOWN_MAX } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const rows = data?.rows ?? []
  if (rows.length === 0 && !isOpen) return null
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {`To put back: ${number(rows.length)}${(data?.next ?? null) === null ? '' : ' and more'}`}
      </Button>
      {isOpen && (
        <Dialog title="To put back" onClose={() => setOpen(false)}>
          {rows.length === 0 ? (
            <Empty title="All is put back">Nothing stands at packing that is not for an order.</Empty>
          ) : (
            <ul className={styles['goods']}>
              {rows.map((row) => (
                <PutBack key={`${row.sku} ${row.lot} ${row.serial} ${row.package}`} site={site} row={row} />
              ))}
            </ul>
          )}
        </Dialog>
      )}
    </>
  )
}

function PutBack({ site, row }: { readonly site: string; readonly row: Row }) {
  const may = useMay()
  const { sku, lot, serial, quantity, package: sscc, order } = row
  const isPacked = sscc !== ''
  const act = useWrite<Row, unknown>((_row, key) =>
    isPacked && order !== null
      ? write('POST', '/api/orders/{number}/unpacking', { params: { number: order }, body: { site, package: sscc }, key })
      : write('POST', '/api/putaways', { body: { site, sku, quantity, lot, serial, from: 'PACKING' }, key }),
  )
  return (
    <li>
      <span>
        <strong>{sku}</strong> <span className={styles['name']}>{row.name}</span>
      </span>
      {may(isPacked ? 'unpackOrder' : 'putAway') && (
        <Button size="compact-sm" variant="default" loading={act.isPending} onClick={() => act.mutate(row)}>
          {isPacked ? 'Open the package' : 'Put back'}
        </Button>
      )}
      <span className={styles['soft']}>
        {[
          `${number(quantity)} to put back`,
          ...(lot === '' ? [] : [`lot ${lot}`]),
          ...(serial === '' ? [] : [serial]),
          ...(isPacked ? [`in ${sscc}`] : []),
        ].join(' · ')}
      </span>
      {act.error !== null && <ProblemBox problem={act.error} />}
    </li>
  )
}
