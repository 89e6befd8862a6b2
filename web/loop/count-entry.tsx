// Count entry: the two questions that who counts is asked: what is it, answered by a scan or by hand, and how many are there. Both work with the keyboard
// alone, since a scanner is one.

import { Button, TextInput } from '@mantine/core'
import { useRef, useState, type SubmitEvent } from 'react'
import { typedIn } from '../ui/form.ts'
import { number, instant } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { meaningOf, quantityTyped, type Meaning, type ToScan } from './count-scan.ts'
import type { Counted, Kept } from './count-queue.ts'
import styles from './counting.module.css'

/** What is counted, with its name where that is known. */
export type Goods = Pick<Counted, 'sku' | 'place' | 'lot' | 'serial' | 'condition' | 'owner'> & { readonly name: string }

/** Of a line of the sheet, what names it. */
export const goodsOf = ({ sku, name, place, lot, serial, condition, owner }: ToScan): Goods => ({ sku, name, place, lot, serial, condition, owner })

type Entered = Omit<Counted, 'countedAt' | 'isSure' | 'isRecount'>

interface ScanFormProps {
  readonly lines: readonly ToScan[]
  readonly place: string
  readonly onPlace: (place: string) => void
  readonly onGoods: (goods: Goods) => void
}

export function ScanForm({ lines, place, onPlace, onGoods }: ScanFormProps) {
  const [asked, setAsked] = useState<Extract<Meaning<ToScan>, { readonly kind: 'several' | 'find' }>>()
  const field = useRef<HTMLInputElement>(null)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const meaning = meaningOf(typedIn(event.currentTarget, 'scan'), lines, place)
    event.currentTarget.reset()
    setAsked(undefined)
    if (meaning?.kind === 'place') onPlace(meaning.place)
    else if (meaning?.kind === 'one') onGoods(goodsOf(meaning.line))
    else setAsked(meaning)
  }
  return (
    <section className={styles['stop']} aria-label="Next">
      <form onSubmit={submit} className={styles['scan']}>
        <TextInput
          ref={field}
          name="scan"
          size="lg"
          label={place === '' ? 'Scan place, item or serial' : `At ${place}: scan what is there`}
          description="Or type it, and press Enter"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
        />
        <Button type="submit" size="lg" variant="default">
          Next
        </Button>
      </form>
      {asked?.kind === 'several' && (
        <>
          <p role="status">Which of them is it?</p>
          <Choice lines={asked.lines} onChoose={(line) => onGoods(goodsOf(line))} />
        </>
      )}
      {asked?.kind === 'find' && (
        <FindForm
          key={asked.sku}
          sku={asked.sku}
          place={place}
          elsewhere={asked.elsewhere}
          onBack={() => {
            setAsked(undefined)
            field.current?.focus()
          }}
          onGoods={onGoods}
        />
      )}
    </section>
  )
}

const Choice = ({ lines, onChoose }: { readonly lines: readonly ToScan[]; readonly onChoose: (line: ToScan) => void }) => (
  <ul className={styles['list']}>
    {lines.map((line, index) => (
      <li key={line.line}>
        <button type="button" autoFocus={index === 0} onClick={() => onChoose(line)}>
          <strong>{line.place}</strong>
          <span>{[line.sku, line.lot === '' ? '' : `lot ${line.lot}`, line.serial].filter((part) => part !== '').join(', ')}</span>
        </button>
      </li>
    ))}
  </ul>
)

interface FindFormProps {
  readonly sku: string
  readonly place: string
  readonly elsewhere: readonly ToScan[]
  readonly onBack: () => void
  readonly onGoods: (goods: Goods) => void
}

/** Nobody looked for it here; it is counted all the same. */
function FindForm({ sku, place, elsewhere, onBack, onGoods }: FindFormProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    onGoods({ sku, name: elsewhere[0]?.name ?? '', place: text('place'), lot: text('lot'), serial: text('serial'), condition: 'sellable' })
  }
  return (
    <Panel title={`${sku} is not on this sheet${place === '' || elsewhere.length === 0 ? '' : ` at ${place}`}`}>
      {elsewhere.length > 0 && <Choice lines={elsewhere} onChoose={(line) => onGoods(goodsOf(line))} />}
      <form onSubmit={submit} className={styles['find']}>
        <TextInput name="place" label="Found at" defaultValue={place} required autoComplete="off" autoFocus={elsewhere.length === 0} />
        <TextInput name="lot" label="Lot, if any" autoComplete="off" />
        <TextInput name="serial" label="Serial, if any" autoComplete="off" />
        <div className={styles['thumb']}>
          <Button variant="default" size="lg" onClick={onBack}>
            Back
          </Button>
          <Button type="submit" size="lg">
            It was found
          </Button>
        </div>
      </form>
    </Panel>
  )
}

const What = ({ goods }: { readonly goods: Goods }) => (
  <>
    <div className={styles['where']}>
      <span>At</span>
      <strong>{goods.place}</strong>
    </div>
    <div className={styles['what']}>
      <strong>{goods.sku}</strong>
      <span>{goods.name}</span>
      {goods.lot !== '' && <span className={styles['label']}>{`Lot ${goods.lot}`}</span>}
      {goods.serial !== '' && <span className={styles['label']}>{`Serial ${goods.serial}`}</span>}
      {goods.condition !== 'sellable' && <span className={styles['label']}>{goods.condition}</span>}
    </div>
  </>
)

const Before = ({ before: { counted, countedAt } }: { readonly before: Kept }) => (
  <p className={styles['soft']}>{`You counted ${number(counted)} of it (${instant(countedAt)}). This replaces it.`}</p>
)

interface QuantityFormProps {
  readonly goods: Goods
  /** What was counted of it on this device before. */
  readonly before: Kept | undefined
  readonly onBack: () => void
  readonly onCounted: (counted: Entered) => void
}

export function QuantityForm({ goods, before, onBack, onCounted }: QuantityFormProps) {
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<{ readonly doubt: number } | { readonly wrong: string }>()
  const field = useRef<HTMLInputElement>(null)
  const { name: _name, ...position } = goods
  const change = (text: string): void => {
    setTyped(text)
    setAsked(undefined)
  }
  const step = (by: number): void => change(String(Math.max(0, (Number.parseInt(typed, 10) || 0) + by)))
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const told = quantityTyped(typed)
    if ('counted' in told) return onCounted({ ...position, counted: told.counted })
    setAsked(told)
    field.current?.select()
  }
  const again = (): void => {
    change('')
    field.current?.focus()
  }
  return (
    <form className={styles['stop']} aria-label={`Count ${goods.sku}`} onSubmit={submit} noValidate>
      <What goods={goods} />
      <div className={styles['many']}>
        <Button variant="default" size="xl" aria-label="One less" onClick={() => step(-1)}>
          −
        </Button>
        <TextInput
          ref={field}
          size="xl"
          label="How many?"
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => change(event.currentTarget.value)}
          {...(asked !== undefined && 'wrong' in asked ? { error: asked.wrong } : {})}
          autoFocus
        />
        <Button variant="default" size="xl" aria-label="One more" onClick={() => step(1)}>
          +
        </Button>
      </div>
      {before !== undefined && <Before before={before} />}
      {asked !== undefined && 'doubt' in asked ? (
        <div role="alert" className={styles['told']} data-tone="short">
          <p>{`Are there really ${number(asked.doubt)}?`}</p>
          <div className={styles['thumb']}>
            <Button variant="default" size="lg" onClick={again}>
              Count again
            </Button>
            <Button size="lg" onClick={() => onCounted({ ...position, counted: asked.doubt })}>
              {`Yes, ${number(asked.doubt)}`}
            </Button>
          </div>
        </div>
      ) : (
        <div className={styles['thumb']}>
          <Button variant="default" size="lg" onClick={onBack}>
            Back
          </Button>
          <Button type="submit" size="lg">
            {typed.trim() === '' ? 'Enter' : `Enter ${typed.trim()}`}
          </Button>
        </div>
      )}
    </form>
  )
}
