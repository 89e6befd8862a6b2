// Item plan, known: what events and prices do to an item's days, in words.

import { Link } from '@tanstack/react-router'
import { useMay } from '../session.tsx'
import { day, number } from '../ui/format.ts'
import { knownKindWords } from '../ui/words.ts'
import type { ItemPlan } from './item-plan-query.ts'
import styles from './plan.module.css'

type Known = ItemPlan['known'][number]

const hundredth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 })
const titleOf = ({ kind, name }: Known): string => (kind === 'price' ? knownKindWords.price : name)
const timeOf = ({ from, to }: Known): string => (from === to ? day(from) : `${day(from)} to ${day(to)}`)

function whatOf({ kind, factor, occurrences, items }: Known): string {
  if (kind === 'closed') return 'closed, nothing is wanted'
  if (occurrences === 0 && items === 0) return 'it was never there before, so it changes nothing yet'
  const learnt = [
    ...(occurrences > 0 ? [`from ${number(occurrences)} ${occurrences === 1 ? 'time' : 'times'} before`] : []),
    ...(items > 0 ? [`from ${number(items)} ${items === 1 ? 'item' : 'items'} of the site`] : []),
  ].join(' and ')
  return `${hundredth.format(factor)} times as many are wanted, learnt ${learnt}`
}

/** What is known of the days ahead, one after another. */
export function KnownAhead({ plan: { known, today } }: { readonly plan: ItemPlan }) {
  const may = useMay()
  const ahead = known.filter(({ to }) => to > today)
  if (ahead.length === 0) return null
  return (
    <>
      <h3 className={styles['named']}>What is known beforehand {may('listDemandEvents') && <Link to="/events">Events</Link>}</h3>
      <ul className={styles['known']}>
        {ahead.map((one) => (
          <li key={`${one.kind} ${one.name} ${one.from} ${one.to}`}>
            <strong>{titleOf(one)}</strong>, {timeOf(one)}: {whatOf(one)}.
          </li>
        ))}
      </ul>
    </>
  )
}

/** Titles of what is known of a day. */
export const knownOn = (known: readonly Known[], on: string): readonly string[] => [
  ...new Set(known.filter(({ from, to }) => from <= on && on <= to).map(titleOf)),
]
