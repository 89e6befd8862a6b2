// Pick: one order from its bins to the door, on one page for somebody with a phone in one hand: its stops as one walks (stops.tsx), then packing and
// shipping (pack.tsx).

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { number } from '../ui/format.ts'
import { AwaitedPage, Page } from '../ui/page.tsx'
import { Empty } from '../ui/tell.tsx'
import { PackAndShip } from './pack.tsx'
import { PickBadge } from './picks.tsx'
import styles from './pick.module.css'
import { Stops } from './stops.tsx'

type Picking = Answer<'listOrderPicks'>

const route = getRouteApi('/picks/$number')

export function PickPage() {
  const { number: order } = route.useParams()
  const site = useSite()
  const may = useMay()
  const query = useQuery<Picking, Problem>({
    queryKey: ['picks', site, order],
    queryFn: ({ signal }) => read('/api/orders/{number}/picks', { params: { number: order }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/picks', text: 'Pick lists' } as const
  const picking = query.data
  if (picking === undefined) return <AwaitedPage query={query} title={order} back={back} />
  const isOnTheFloor = picking.toPick + picking.loose + picking.packed > 0
  return (
    <Page title={order} badge={isOnTheFloor && <PickBadge {...picking} />} back={back} about={toldOf(picking)}>
      <div className={styles['walk']}>
        <Stops key={order} picking={picking} mayPick={picking.can.includes('pick') && may('pickOrder')} />
        <PackAndShip key={`${order}/pack`} picking={picking} />
      </div>
      {!isOnTheFloor && (
        <Empty
          title="Nothing of it stands here now"
          action={
            <Link to="/orders/$number" params={{ number: order }}>
              See the order
            </Link>
          }
        >
          It was shipped, or is not released for picking.
        </Empty>
      )}
    </Page>
  )
}

function toldOf({ toPick, loose, packed, waiting }: Picking): string {
  const parts = [
    [toPick, 'in bins'],
    [loose, 'picked'],
    [packed, 'packed'],
    [waiting, 'waiting for stock'],
  ] as const
  return parts
    .filter(([some]) => some > 0)
    .map(([some, where]) => `${number(some)} ${where}`)
    .join(' · ')
}
