// Trace picture: a lot's family drawn from left to right: what went into it, itself, what was made of it. Each card leads to its own trace.

import { Link } from '@tanstack/react-router'
import type { Trace, TracedLot } from './traced.ts'
import { card, layOut, type Card, type Line } from './trace-layout.ts'
import styles from './trace.module.css'
import { number } from './ui/format.ts'

/** Characters of a name that fit on a card. */
const NAME_MAX = 24

export function TracePicture({ trace }: { readonly trace: Trace }) {
  const { width, height, cards, lines } = layOut(trace)
  const [across, down] = [width + 4, height + 4]
  return (
    <div className={styles['scroller']} role="group" aria-label="What went into it and what was made of it" tabIndex={0}>
      <svg viewBox={`-2 -2 ${across} ${down}`} width={across} height={down}>
        {lines.map((line) => (
          <path key={`${line.from.lots[0]} ${line.into.lots[0]}`} d={curveOf(line)} className={styles['line']} />
        ))}
        {cards.map((one) => (
          <LotCard key={one.lots[0]} card={one} trace={trace} />
        ))}
      </svg>
    </div>
  )
}

function curveOf({ from, into }: Line): string {
  const [x1, y1, x2, y2] = [from.x + card.width, from.y + card.height / 2, into.x, into.y + card.height / 2]
  const bend = Math.max((x2 - x1) / 2, 24)
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}

function LotCard({ card: { lots, x, y }, trace }: { readonly card: Card; readonly trace: Trace }) {
  const [index] = lots as readonly [number, ...number[]]
  if (lots.length > 1)
    return (
      <g transform={`translate(${x} ${y})`}>
        <rect width={card.width} height={card.height} rx={8} className={styles['rest']} />
        <text x={12} y={card.height / 2 + 4} className={styles['soft']}>
          and {number(lots.length)} more lots
        </text>
      </g>
    )
  const one = trace.lots[index]!
  const lines = (
    <>
      <rect width={card.width} height={card.height} rx={8} className={styles['box']} />
      <text x={12} y={21} className={styles['title']}>
        {shortened(one.serial || one.lot || one.sku)}
      </text>
      <text x={12} y={40} className={styles['soft']}>
        {shortened(one.serial || one.lot ? `${one.sku} · ${one.name}` : one.name)}
      </text>
      <text x={12} y={59} className={styles['soft']}>
        {standingOf(trace, index, one)}
      </text>
    </>
  )
  const place = {
    transform: `translate(${x} ${y})`,
    className: styles['card'],
    'data-tone': one.recalled ? 'late' : one.level === 0 ? 'here' : 'calm',
  }
  if (one.lot === '' && one.serial === '') return <g {...place}>{lines}</g>
  return (
    <g {...place}>
      <Link to="/items/$sku/trace" params={{ sku: one.sku }} search={one.serial === '' ? { lot: one.lot } : { serial: one.serial }}>
        {lines}
      </Link>
    </g>
  )
}

/** What stands of it and who has some, in a line. */
function standingOf({ standing, customers }: Trace, index: number, { recalled, level }: TracedLot): string {
  const pieces = standing.filter((row) => row.lot === index).reduce((sum, row) => sum + row.quantity, 0)
  const buyers = new Set(customers.filter((row) => row.lot === index).map((row) => row.customer ?? row.order)).size
  const parts = [pieces > 0 && `${number(pieces)} here`, buyers > 0 && `${number(buyers)} ${buyers === 1 ? 'customer' : 'customers'}`]
  return parts.filter(Boolean).join(' · ') || (recalled ? 'Recalled' : level < 0 ? 'Went into it' : 'None left')
}

const shortened = (text: string): string => (text.length > NAME_MAX ? `${text.slice(0, NAME_MAX - 1)}…` : text)
