// Pack and ship: what is picked goes into packages, each with its number and weight, and leaves. A scale's weight is used where it is told; else it is
// computed from the items.

import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { typedIn } from '../ui/form.ts'
import { number, shortId, weight } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { Services } from './order-actions.tsx'
import styles from './pick.module.css'

type Picking = Answer<'listOrderPicks'>

const MILLIGRAMS_PER_KILOGRAM = 1_000_000

export function PackAndShip({ picking }: { readonly picking: Picking }) {
  const [shipped, setShipped] = useState<string>()
  const { loose, packed } = picking
  return (
    <>
      {loose + packed > 0 && (
        <Panel title="Packing">
          <Packages picking={picking} />
          {loose > 0 && <PackForm picking={picking} />}
        </Panel>
      )}
      {loose + packed > 0 && <ShipForm picking={picking} onShipped={setShipped} />}
      {shipped !== undefined && (
        <p role="status" className={styles['told']} data-tone="good">
          Shipped:{' '}
          <Link to="/shipments/$id" params={{ id: shipped }}>
            {`shipment ${shortId(shipped)}`}
          </Link>
        </p>
      )}
    </>
  )
}

function Packages({ picking: { order, site, can, packages } }: { readonly picking: Picking }) {
  const may = useMay()
  const open = useWrite<{ readonly package: string }, unknown>((what, key) =>
    write('POST', '/api/orders/{number}/unpacking', { params: { number: order }, body: { site, ...what }, key }),
  )
  if (packages.length === 0) return null
  return (
    <>
      <ul className={styles['packages']}>
        {packages.map((one) => (
          <li key={one.sscc}>
            <span className={styles['sscc']}>{one.sscc}</span>
            <span className={styles['soft']}>
              {[counted(one.quantity), one.weight === null ? 'weight not known' : weight(one.weight)].join(' · ')}
            </span>
            {can.includes('unpack') && may('unpackOrder') && (
              <Button
                variant="default"
                size="compact-md"
                aria-label={`Open package ${one.sscc}`}
                loading={open.isPending && open.variables.package === one.sscc}
                onClick={() => open.mutate({ package: one.sscc })}
              >
                Open
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open.error !== null && <ProblemBox problem={open.error} />}
    </>
  )
}

const counted = (some: number): string => `${number(some)} ${some === 1 ? 'piece' : 'pieces'}`

function PackForm({ picking: { order, site, can, loose, toPick } }: { readonly picking: Picking }) {
  const may = useMay()
  const pack = useWrite<{ readonly weighed?: number }, Answer<'packOrder'>>((what, key) =>
    write('POST', '/api/orders/{number}/packages', { params: { number: order }, body: { site, ...what }, key }),
  )
  if (!can.includes('pack') || !may('packOrder')) return <p className={styles['soft']}>{`${counted(loose)} in no package.`}</p>
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const kilograms = Number(typedIn(event.currentTarget, 'kilograms').replace(',', '.'))
    pack.mutate(kilograms > 0 ? { weighed: Math.round(kilograms * MILLIGRAMS_PER_KILOGRAM) } : {})
  }
  return (
    <>
      <form onSubmit={submit} className={styles['form']}>
        <TextInput
          name="kilograms"
          label="Kilograms on the scale, carton and all"
          placeholder="Computed from the items"
          inputMode="decimal"
          pattern="[0-9]*[.,]?[0-9]*"
          autoComplete="off"
        />
        <Button type="submit" variant={toPick > 0 ? 'default' : 'filled'} loading={pack.isPending}>
          {`Pack ${counted(loose)}`}
        </Button>
      </form>
      {pack.error !== null && <ProblemBox problem={pack.error} />}
    </>
  )
}

function ShipForm({
  picking: { order, site, can, toPick, waiting },
  onShipped,
}: {
  readonly picking: Picking
  readonly onShipped: (id: string) => void
}) {
  const may = useMay()
  const ship = useWrite<{ readonly service?: string }, Answer<'shipOrder'>>(
    (what, key) => write('POST', '/api/orders/{number}/shipment', { params: { number: order }, body: { site, ...what }, key }),
    { onDone: ({ shipment }) => onShipped(String(shipment)) },
  )
  if (!can.includes('ship') || !may('shipOrder')) return null
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const service = typedIn(event.currentTarget, 'service')
    ship.mutate(service === '' ? {} : { service })
  }
  return (
    <Panel title="Shipping">
      <form onSubmit={submit} className={styles['form']}>
        <Services order={order} site={site} />
        <Button type="submit" variant={toPick > 0 ? 'default' : 'filled'} loading={ship.isPending}>
          {toPick > 0 ? 'Ship what is picked' : 'Ship'}
        </Button>
      </form>
      {toPick + waiting > 0 && <p className={styles['soft']}>{`${counted(toPick + waiting)} of the order follow later.`}</p>}
      {ship.error !== null && <ProblemBox problem={ship.error} />}
    </Panel>
  )
}
