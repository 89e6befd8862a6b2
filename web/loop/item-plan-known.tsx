// Item plan, known: what events and prices do to an item's days, in words, and where they stand in its weeks.

import { Link } from '@tanstack/react-router'
import { useMay } from '../session.tsx'
import { day, number } from '../ui/format.ts'
import { knownKindWords } from '../ui/words.ts'
import { beginOf } from './item-plan-chart.ts'
import type { ItemPlan } from './item-plan-query.ts'
import styles from './plan.module.css'

type Known = ItemPlan['known'][number]

const WEEK_DAYS = 7
const day_ms = 86_400_000

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

/** Titles of what is known of a week, counted from the one that begins tomorrow. */
export const knownIn = ({ known, today }: Pick<ItemPlan, 'known' | 'today'>, week: number): string => {
  const [from, to] = [beginOf(today, week), beginOf(today, week + 1)]
  const titles = [...new Set(known.filter((one) => one.from < to && one.to >= from).map(titleOf))]
  return titles.length === 0 ? '' : `; ${titles.join(', ')}`
}

export function KnownLegend({ known }: Pick<ItemPlan, 'known'>) {
  if (known.length === 0) return null
  return (
    <>
      <i className={styles['event']} /> event or price{' '}
    </>
  )
}

interface MarksProps {
  readonly plan: Pick<ItemPlan, 'known' | 'today'>
  /** Weeks that are drawn, behind and in all, and how wide each is. */
  readonly behind: number
  readonly weeks: number
  readonly step: number
}

/** A strip above the weeks for the days of each. */
export function KnownMarks({ plan: { known, today }, behind, weeks, step }: MarksProps) {
  const begin = Date.parse(beginOf(today, -behind))
  const xOf = (at: number): number => Math.round(Math.max(0, Math.min(weeks, (at - begin) / day_ms / WEEK_DAYS)) * step * 100) / 100
  return known.map((one) => {
    const [x, end] = [xOf(Date.parse(one.from)), xOf(Date.parse(one.to) + day_ms)]
    return end <= x ? null : (
      <rect key={`${one.kind} ${one.name} ${one.from} ${one.to}`} x={x} y={0} width={Math.max(2, end - x)} height={5} className={styles['event']} />
    )
  })
}
