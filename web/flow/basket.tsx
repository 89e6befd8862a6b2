// Basket: what the lines of an order could be promised together if it were placed now: when, from where, how sure and why. It is asked anew as lines are
// typed and as stock changes; only placing the order holds anything.

import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { day, number, today } from '../ui/format.ts'
import { confidenceWords, reasonWords, type Tone } from '../ui/words.ts'
import styles from './new-order.module.css'

export interface AskedLine {
  readonly id: number
  readonly sku: string
  readonly quantity: string
  /** Empty for the base unit. */
  readonly unit: string
  readonly requested: string
  /** What the customer had asked for, where the line is of a substitute that he took. */
  readonly insteadOf: string
}

type Basket = Answer<'askBasket'>
type PromisedLine = Basket['lines'][number]

export interface AskedBasket {
  readonly basket: Basket | undefined
  /** What is promised of a line, by the id of its fields. */
  readonly lines: ReadonlyMap<number, PromisedLine>
  readonly problem: Problem | null
  /** The line that the problem is about. */
  readonly problemAt: number | undefined
}

const TYPING_MILLISECONDS = 250

export function useBasket(site: string, lines: readonly AskedLine[]): AskedBasket {
  const [typed] = useDebouncedValue(lines, TYPING_MILLISECONDS)
  const asked = typed.filter(isWhole)
  const wanted = asked.map(({ requested, ...line }) => ({ ...quantityOf(line), ...(requested === '' ? {} : { requested }) }))
  const { data, error } = useQuery<Basket, Problem>({
    queryKey: ['basket', site, wanted],
    queryFn: () => write('POST', '/api/promises/basket', { body: { site, lines: wanted } }),
    enabled: site !== '' && wanted.length > 0,
    placeholderData: (before) => before,
    meta: live,
  })
  // What was answered for other lines before says nothing of those that were typed since.
  const known = asked.flatMap((line, index) => {
    const answer = data?.lines[index]
    return answer !== undefined && isAnswerTo(line, answer) ? [[line.id, answer] as const] : []
  })
  return { basket: data, lines: new Map(known), problem: error, problemAt: asked[Number(/^lines\/(\d+)\//.exec(error?.field ?? '')?.[1]) - 1]?.id }
}

/** Whether a line says enough to be asked. */
export const isWhole = ({ sku, quantity, unit }: Pick<AskedLine, 'sku' | 'quantity' | 'unit'>): boolean =>
  sku !== '' && Number(quantity) > 0 && (unit !== '' || Number.isSafeInteger(Number(quantity)))

export const quantityOf = ({ sku, quantity, unit }: Pick<AskedLine, 'sku' | 'quantity' | 'unit'>) => ({
  sku,
  quantity: Number(quantity),
  ...(unit === '' ? {} : { unit }),
})

const isAnswerTo = ({ sku, quantity, unit }: AskedLine, { sku: of, quantity: inBase, asked }: PromisedLine): boolean =>
  of === sku && (asked === undefined ? inBase === Number(quantity) : asked.quantity === Number(quantity) && asked.unit === unit)

export interface LinePromiseProps {
  readonly site: string
  readonly line: AskedLine
  readonly asked: AskedBasket
  /** The customer takes a substitute. */
  readonly onTake: (sku: string) => void
}

/** What stands under a line. */
export function LinePromise({ site, line, asked, onTake }: LinePromiseProps) {
  const promised = asked.lines.get(line.id)
  const problem = asked.problem !== null && (asked.problemAt === undefined || asked.problemAt === line.id) && line.sku !== '' ? asked.problem : null
  if (problem !== null || promised === undefined) {
    const text = problem?.message ?? (line.sku === '' ? 'Choose an item, and what can be promised stands here.' : 'Looking what can be promised.')
    return (
      <p className={styles['promise']} data-tone="plain" aria-live="polite">
        {text}
      </p>
    )
  }
  const elsewhere = promised.parts.some((part) => part.source !== site || part.sku !== promised.sku)
  return (
    <div className={styles['promise']} data-tone={toneOf(promised)} aria-live="polite">
      <p>
        {promiseText(promised)} <span className={styles['sure']}>{sureText(promised)}</span>
      </p>
      {(elsewhere || promised.parts.length > 1) && (
        <ul className={styles['parts']}>
          {promised.parts.map((part) => (
            <li key={`${part.source} ${part.sku} ${part.quantity}`}>
              {number(part.quantity)} {part.sku === promised.sku ? '' : `${part.sku} `}from {part.source},{' '}
              {part.promised === null ? 'no date yet' : whenText(part.promised)}
            </li>
          ))}
        </ul>
      )}
      {line.insteadOf !== '' && <p className={styles['because']}>Instead of {line.insteadOf}, at its price.</p>}
      {promised.substitutes.length > 0 && <Substitutes promised={promised} onTake={onTake} />}
      {promised.parts[0]?.because && <p className={styles['because']}>{promised.parts[0].because}</p>}
    </div>
  )
}

function Substitutes({ promised, onTake }: { readonly promised: PromisedLine; readonly onTake: (sku: string) => void }) {
  return (
    <ul className={styles['parts']} aria-label="Substitutes">
      {promised.substitutes.map((one) => (
        <li key={one.sku}>
          {one.sku} {one.name}: {one.promised === null ? 'no date either' : whenText(one.promised)}
          {one.chosenBy === 'rule' && ', sent by a rule where all of it is in stock'}{' '}
          {one.promised !== null && (
            <Button variant="default" size="compact-xs" onClick={() => onTake(one.sku)}>
              Take {one.sku}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** How sure it is, and by what is believed how probable that the goods are where they are recorded. */
const sureText = ({ confidence, probability }: PromisedLine): string =>
  probability === null ? confidenceWords[confidence] : `${confidenceWords[confidence]} There with at least ${Math.floor(probability * 1000) / 10} %.`

const toneOf = ({ reason, confidence }: PromisedLine): Tone =>
  reason === 'in_stock' ? 'good' : confidence === 'none' || confidence === 'low' ? 'short' : 'busy'

const whenText = (promised: string): string => (promised === today(Date.now()) ? 'today' : day(promised))

function promiseText({ quantity, promised, reason, parts }: PromisedLine): string {
  const held = parts.reduce((sum, part) => sum + part.held, 0)
  if (promised === null) return `${inStock(held, quantity)}; no date can be promised${held === 0 ? '' : ' for the rest'}: ${reasonWords[reason]}.`
  if (held === quantity) return `All ${number(quantity)} can be promised for ${whenText(promised)}, ${reasonWords[reason]}.`
  return `${inStock(held, quantity)}; all of it can be promised for ${day(promised)}, ${reasonWords[reason]}.`
}

const inStock = (held: number, quantity: number): string => (held === 0 ? 'None is in stock' : `${number(held)} of ${number(quantity)} are in stock`)

/** When the last line comes, and what the promise does not know. */
export function BasketPromise({ asked: { basket } }: { readonly asked: AskedBasket }) {
  if (basket === undefined) return null
  return (
    <div className={styles['whole']}>
      <p aria-live="polite">
        {basket.promised === null
          ? 'Not all of it has a date yet.'
          : `All of it can be had ${basket.promised === today(Date.now()) ? 'today' : `on ${day(basket.promised)}`}.`}
      </p>
      <details>
        <summary>What this promise does not know</summary>
        <ul>
          {basket.absent.map(({ input, because }) => (
            <li key={input}>{because}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}
