// Counted: what was counted on this device so far, newest first, and what of it the server asks about: a count that is far above anything, or one that
// somebody else has made already.

import { Button } from '@mantine/core'
import { instant, number } from '../ui/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Panel } from '../ui/page.tsx'
import type { Goods } from './count-entry.tsx'
import { refused, type Kept } from './count-queue.ts'
import styles from './counting.module.css'
import type { CountedHere } from './use-counted.ts'

const words = {
  waiting: { word: 'To be sent', tone: 'busy' },
  taken: { word: 'Sent', tone: 'good' },
  refused: { word: 'Asked about', tone: 'short' },
} as const

const LISTED_MAX = 100

export function CountedSoFar({ queue, nameOf }: { readonly queue: readonly Kept[]; readonly nameOf: (sku: string) => string }) {
  if (queue.length === 0) return null
  return (
    <Panel title={`Counted on this device: ${number(queue.length)}`}>
      <ul className={styles['list']}>
        {queue
          .toReversed()
          .slice(0, LISTED_MAX)
          .map((one) => (
            <li key={one.entry} className={styles['counted']}>
              <strong>{number(one.counted)}</strong>
              <span>
                {one.sku}
                <span className={styles['soft']}>{` ${nameOf(one.sku)}`}</span>
                <span
                  className={styles['label']}
                >{`${one.place}${one.lot + one.serial === '' ? '' : `, ${one.lot}${one.serial}`} · ${instant(one.countedAt)}`}</span>
              </span>
              <Badge tone={words[one.state].tone}>{words[one.state].word}</Badge>
            </li>
          ))}
      </ul>
    </Panel>
  )
}

interface QuestionsProps {
  readonly here: CountedHere
  readonly nameOf: (sku: string) => string
  readonly onAgain: (goods: Goods) => void
}

export const Questions = ({ here, nameOf, onAgain }: QuestionsProps) =>
  refused(here.queue).map((one) => (
    <div key={one.entry} role="alert" className={styles['told']} data-tone="short">
      <p>
        <strong>{`${one.sku} at ${one.place}: ${number(one.counted)}`}</strong>
      </p>
      <p>{one.detail}</p>
      <div className={styles['thumb']}>
        <Button
          variant="default"
          size="lg"
          onClick={() => {
            here.drop(one.entry)
            const { sku, place, lot, serial, condition, owner } = one
            onAgain({ sku, place, lot, serial, condition, name: nameOf(sku), ...(owner === undefined ? {} : { owner }) })
          }}
        >
          Count again
        </Button>
        {one.code === 'count_absurd' && (
          <Button size="lg" onClick={() => here.add({ ...countedOf(one), isSure: true })}>
            {`Yes, ${number(one.counted)}`}
          </Button>
        )}
        {one.code === 'counted_already' && (
          <Button size="lg" onClick={() => here.add({ ...countedOf(one), isRecount: true })}>
            Replace the other count
          </Button>
        )}
        {one.code !== 'count_absurd' && one.code !== 'counted_already' && (
          <Button size="lg" onClick={() => here.drop(one.entry)}>
            Leave it out
          </Button>
        )}
      </div>
    </div>
  ))

const countedOf = ({ entry: _entry, state: _state, code: _code, detail: _detail, ...counted }: Kept) => counted
