// Belief, what is probably there of an item at a site: what is recorded and what is believed side by side, and in words.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { beliefQuery, isBelievedQuery, type Belief } from './belief-query.ts'
import styles from './belief.module.css'
import { ServiceLevel } from './service-level.tsx'
import { useMay } from './session.tsx'
import { Badge } from './ui/badge.tsx'
import { band, chance, instant, money, number, tenths } from './ui/format.ts'
import { Panel } from './ui/page.tsx'
import { Empty, Told } from './ui/tell.tsx'

interface Of {
  readonly sku: string
  readonly site: string
}

export function ProbablyThere({ sku, site }: Of) {
  const query = useQuery(isBelievedQuery({ sku, site }))
  return (
    <Panel title={`What is probably there at ${site}`}>
      <Told query={query} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing is believed yet">What is probably there is worked out from the first receipt, sale or count on.</Empty>
          ) : (
            <Known sku={sku} site={site} />
          )
        }
      </Told>
    </Panel>
  )
}

function Known({ sku, site }: Of) {
  const query = useQuery(beliefQuery({ sku, site }))
  return (
    <Told query={query} rows={3}>
      {(belief) => (
        <>
          <Verdict belief={belief} sku={sku} />
          <Figures belief={belief} sku={sku} />
        </>
      )}
    </Told>
  )
}

function Verdict({ belief, sku }: { readonly belief: Belief; readonly sku: string }) {
  const may = useMay()
  const { word, tone, text } = verdictOf(belief)
  return (
    <div className={styles['verdict']}>
      <p>
        <Badge tone={tone}>{word}</Badge> {text}
      </p>
      {tone !== 'good' && may('count') && (
        <Button component={Link} to={`/counts?sku=${encodeURIComponent(sku)}`} variant="default">
          Count it
        </Button>
      )}
    </div>
  )
}

function verdictOf({ phantom, recorded, low, high, empty }: Belief): {
  readonly word: string
  readonly tone: 'good' | 'short' | 'late'
  readonly text: string
} {
  const has = `The record has ${number(recorded)}`
  const band = low === high ? number(low) : `${number(low)} to ${number(high)}`
  if (phantom)
    return { word: 'Phantom', tone: 'late', text: `${has}, and most likely there is none: it is not ordered again, and nobody can buy any.` }
  if (recorded > high) return { word: 'Fewer', tone: 'short', text: `${has}; most likely there are fewer: ${band}.` }
  if (recorded < low) return { word: 'More', tone: 'short', text: `${has}; most likely there are more: ${band}.` }
  const none = recorded > 0 && empty >= DOUBTED ? ` That there is none has a chance of ${chance(empty)}.` : ''
  return { word: 'As recorded', tone: 'good', text: `${has}, and nothing speaks against it.${none}` }
}

/** From this probability of none on it is worth a word. */
const DOUBTED = 0.1

function Figures({ belief, sku }: { readonly belief: Belief; readonly sku: string }) {
  const { recorded, expected, low, high, empty, safe, serviceLevel, lossPerDay, unitsPerDay, counted, countedAt, worth, minutes } = belief
  const facts = [
    ['Recorded', number(recorded)],
    ['Believed', band({ expected, low, high })],
    ['There is none', chance(empty)],
    ['Safe to promise', number(safe)],
    ['Promised', <ServiceLevel key="promised" sku={sku} level={serviceLevel} />],
    ['Goes unseen a day', lossPerDay.toPrecision(2)],
    ['Wanted a day', tenths(unitsPerDay)],
    ['Counted last', countedAt === null || counted === null ? 'Never' : `${number(counted)}, ${instant(countedAt)}`],
    ['A count is worth', `${money(worth)}, in ${tenths(minutes)} min`],
  ] as const
  return (
    <dl className={styles['figures']}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
