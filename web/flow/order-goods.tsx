// Order goods: what of an order stands in packages, and what is on its way or arrived.

import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { day, instant, shortId } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { shipmentStateWords } from '../ui/words.ts'
import styles from './order.module.css'

type Order = Answer<'getOrder'>

export function Goods({ order }: { readonly order: Order }) {
  const may = useMay()
  const unpack = useWrite<{ readonly site: string; readonly package: string }, unknown>((body, key) =>
    write('POST', '/api/orders/{number}/unpacking', { params: { number: order.number }, body, key }),
  )
  const packages = order.packages.filter((one) => one.shipment === null)
  if (packages.length === 0 && order.shipments.length === 0) return null
  return (
    <Panel title="Packages and shipments">
      <ul className={styles['goods']}>
        {packages.map(({ sscc, site, packedAt }) => (
          <li key={sscc}>
            <strong>Package {sscc}</strong>
            {order.can.includes('unpack') && may('unpackOrder') && (
              <Button size="compact-sm" variant="default" loading={unpack.isPending} onClick={() => unpack.mutate({ site, package: sscc })}>
                Unpack
              </Button>
            )}
            <span className={styles['soft']}>packed {instant(packedAt)}</span>
          </li>
        ))}
        {order.shipments.map((one) => (
          <li key={one.shipment}>
            <Link to="/shipments/$id" params={{ id: one.shipment }} search={{ site: one.site }}>
              Shipment {shortId(one.shipment)}
            </Link>
            <Badge tone={shipmentStateWords[one.state].tone}>{shipmentStateWords[one.state].word}</Badge>
            <span className={styles['soft']}>
              {one.supplier !== null && `${[`by ${one.supplier}`, one.carrier, one.trackingNumber].filter(Boolean).join(', ')}: `}
              {one.deliveredAt !== null
                ? `delivered ${instant(one.deliveredAt)}`
                : one.estimated !== null
                  ? `expected ${day(one.estimated)}`
                  : `left ${instant(one.shippedAt)}`}
            </span>
          </li>
        ))}
      </ul>
      {unpack.error !== null && <ProblemBox problem={unpack.error} />}
    </Panel>
  )
}
