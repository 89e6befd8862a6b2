// Picture: the flow and the loop, drawn. A stage is a card with what stands at it; an arrow moves where something does. It is drawn once for a wide
// window and once for a phone: the same cards at other places.

import { Link, linkOptions } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { OrderState } from '../../core/order.ts'
import type { Answer } from '../client.ts'
import { roughMoney, roughNumber, tinyNumber } from '../ui/format.ts'
import styles from './picture.module.css'

type Flow = Answer<'getFlow'>
type Standing = Flow['flow'][number]
type Known = Flow['loop'][number]

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

type StageName = Standing['stage'] | 'stock' | Known['part']

interface Drawing {
  readonly width: number
  readonly height: number
  readonly boxes: Readonly<Record<StageName, Box>>
  readonly arrows: readonly { readonly path: string; readonly to: StageName }[]
}

const at = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height })

const wide: Drawing = {
  width: 1180,
  height: 384,
  boxes: {
    order: at(2, 4, 164, 104),
    promise: at(204, 4, 164, 104),
    reserve: at(406, 4, 164, 104),
    store: at(608, 4, 164, 104),
    transport: at(810, 4, 164, 104),
    deliver: at(1012, 4, 164, 104),
    purchase: at(204, 156, 164, 104),
    produce: at(406, 156, 164, 104),
    stock: at(608, 156, 164, 104),
    record: at(810, 156, 164, 84),
    shrinkage: at(810, 296, 164, 84),
    count: at(608, 296, 164, 84),
  },
  arrows: [
    { path: 'M166 56 H198', to: 'promise' },
    { path: 'M368 56 H400', to: 'reserve' },
    { path: 'M570 56 H602', to: 'store' },
    { path: 'M772 56 H804', to: 'transport' },
    { path: 'M974 56 H1006', to: 'deliver' },
    { path: 'M266 108 V150', to: 'purchase' },
    { path: 'M306 108 V132 H488 V150', to: 'produce' },
    { path: 'M286 260 V278 H588 V220 H602', to: 'purchase' },
    { path: 'M570 200 H602', to: 'produce' },
    { path: 'M690 156 V114', to: 'store' },
    { path: 'M772 198 H804', to: 'record' },
    { path: 'M892 240 V290', to: 'shrinkage' },
    { path: 'M810 338 H778', to: 'count' },
    { path: 'M690 296 V266', to: 'count' },
  ],
}

const narrow: Drawing = {
  width: 360,
  height: 890,
  boxes: {
    order: at(2, 2, 356, 84),
    promise: at(2, 108, 356, 84),
    purchase: at(2, 214, 168, 104),
    produce: at(190, 214, 168, 104),
    reserve: at(2, 340, 168, 104),
    stock: at(190, 340, 168, 104),
    store: at(2, 466, 356, 84),
    transport: at(2, 572, 356, 84),
    deliver: at(2, 678, 356, 84),
    record: at(2, 804, 112, 78),
    shrinkage: at(124, 804, 112, 78),
    count: at(246, 804, 112, 78),
  },
  arrows: [
    { path: 'M180 86 V102', to: 'promise' },
    { path: 'M86 192 V208', to: 'purchase' },
    { path: 'M274 192 V208', to: 'produce' },
    { path: 'M180 192 V392 H176', to: 'reserve' },
    { path: 'M86 318 V329 H240 V334', to: 'purchase' },
    { path: 'M274 318 V334', to: 'produce' },
    { path: 'M86 444 V460', to: 'store' },
    { path: 'M274 444 V460', to: 'store' },
    { path: 'M180 550 V566', to: 'transport' },
    { path: 'M180 656 V672', to: 'deliver' },
  ],
}

const NARROW = '(max-width: 760px)'

function useDrawing(): Drawing {
  const [isNarrow, setNarrow] = useState(() => window.matchMedia(NARROW).matches)
  useEffect(() => {
    const media = window.matchMedia(NARROW)
    const changed = (): void => setNarrow(media.matches)
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [])
  return isNarrow ? narrow : wide
}

const orders = (state?: OrderState) => linkOptions({ to: '/orders', search: state === undefined ? {} : { state } })
const stock = linkOptions({ to: '/stock' })

/** What each stage is called, what stands there, and where one reads of it. */
const told = {
  order: { title: 'Order', unit: 'open lines', link: orders() },
  promise: { title: 'Promise', unit: 'lines wait', link: orders('backordered') },
  reserve: { title: 'Reserve', unit: 'lines held', link: orders('held') },
  purchase: { title: 'Purchase', unit: 'lines to come', link: linkOptions({ to: '/purchases' }) },
  produce: { title: 'Produce', unit: 'work orders', link: linkOptions({ to: '/work-orders' }) },
  store: { title: 'Store', unit: 'lines in picking', link: orders('allocated') },
  transport: { title: 'Transport', unit: 'lines on the way', link: linkOptions({ to: '/shipments' }) },
  deliver: { title: 'Deliver', unit: 'lines in 7 days', link: orders('delivered') },
  stock: { title: 'Stock', unit: '', link: stock },
  record: { title: 'Record', unit: 'exceptions', link: linkOptions({ to: '/exceptions' }) },
  shrinkage: { title: 'Shrinkage', unit: 'losses, 30 days', link: stock },
  count: { title: 'Count', unit: 'differences, 30 days', link: stock },
} satisfies Record<StageName, { readonly title: string; readonly unit: string; readonly link: object }>

export function Picture({ picture }: { readonly picture: Flow | undefined }) {
  const drawing = useDrawing()
  const standing = new Map(picture?.flow.map((one) => [one.stage, one]))
  const known = new Map(picture?.loop.map((one) => [one.part, one]))
  const moves = (to: StageName): boolean => (standing.get(to as Standing['stage'])?.lines ?? known.get(to as Known['part'])?.count ?? 0) > 0
  return (
    <section className={styles['panel']} aria-label="The flow and the loop" aria-busy={picture === undefined}>
      <svg viewBox={`0 0 ${drawing.width} ${drawing.height}`} className={styles['picture']}>
        <defs>
          <marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M1 1l5 3-5 3z" className={styles['tip']} />
          </marker>
        </defs>
        {drawing.arrows.map(({ path, to }) => (
          <g key={path}>
            <path d={path} className={styles['arrow']} markerEnd="url(#tip)" />
            {moves(to) && <path d={path} className={styles['moving']} />}
          </g>
        ))}
        {(Object.keys(drawing.boxes) as StageName[]).map((name) => (
          <Card
            key={name}
            name={name}
            box={drawing.boxes[name]}
            standing={standing.get(name as Standing['stage'])}
            known={known.get(name as Known['part'])}
          />
        ))}
      </svg>
    </section>
  )
}

interface CardProps {
  readonly name: StageName
  readonly box: Box
  readonly standing: Standing | undefined
  readonly known: Known | undefined
}

function Card({ name, box, standing, known }: CardProps) {
  const { title, unit, link } = told[name]
  const count = standing?.lines ?? known?.count
  const value = standing?.value ?? known?.value
  const { late = 0, short = 0 } = standing ?? {}
  const tone = name === 'record' ? ((count ?? 0) > 0 ? 'short' : 'calm') : late > 0 ? 'late' : short > 0 && name === 'promise' ? 'short' : 'calm'
  return (
    <Link {...link} className={styles['card']} data-tone={tone}>
      <rect {...box} rx={10} className={styles['box']} />
      <g transform={`translate(${box.x + 14} ${box.y + 22})`}>
        <text className={styles['title']}>{title}</text>
        {name === 'stock' && (
          <>
            <text y={24} className={styles['soft']}>
              where the flow
            </text>
            <text y={40} className={styles['soft']}>
              and the loop meet
            </text>
          </>
        )}
        {count !== undefined && (
          <>
            <text key={count} y={30} className={styles['count']}>
              {roughNumber(count)}
            </text>
            <text y={48} className={styles['soft']}>
              {unit}
            </text>
          </>
        )}
        {standing !== undefined && (
          <text x={box.width - 28} textAnchor="end" className={styles['value']}>
            {roughMoney(value ?? 0)}
          </text>
        )}
        {known !== undefined && name !== 'record' && box.width > 130 && (
          <text x={box.width - 28} textAnchor="end" className={styles['value']}>
            {roughMoney(value ?? 0)}
          </text>
        )}
        {standing !== undefined && (
          <Trouble late={late} short={name === 'order' ? short : 0} y={box.height > 90 ? 70 : 48} x={box.height > 90 ? 0 : box.width - 28} />
        )}
      </g>
    </Link>
  )
}

/** What of it is late or short, in words and colours. */
function Trouble({ late, short, x, y }: { readonly late: number; readonly short: number; readonly x: number; readonly y: number }) {
  if (late === 0 && short === 0) return null
  // Both beside each other must not be wider than the card.
  const told = late > 0 && short > 0 ? tinyNumber : roughNumber
  return (
    <text x={x} y={y} textAnchor={x === 0 ? 'start' : 'end'} className={styles['trouble']}>
      {late > 0 && (
        <tspan className={styles['late']}>
          <tspan aria-hidden>▲ </tspan>
          {told(late)} late{' '}
        </tspan>
      )}
      {short > 0 && (
        <tspan className={styles['short']}>
          <tspan aria-hidden>◆ </tspan>
          {told(short)} short
        </tspan>
      )}
    </text>
  )
}
