// Item plan, its policy: by which an item is ordered at a site or everywhere, where that is not the site's rule alone.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { itemPolicies } from '../../core/planning.ts'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { money, number, tenths } from '../ui/format.ts'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import type { ItemPlan } from './item-plan-query.ts'
import styles from './plan.module.css'

type Planning = ItemPlan['planning'][number]
type Body = Omit<Planning, 'site'>

interface PolicyProps {
  readonly sku: string
  readonly site: string
  readonly planning: ItemPlan['planning']
}

/** What is said of how it is ordered, in words, and to say it. */
export function OrderedBy({ sku, site, planning }: PolicyProps) {
  const may = useMay()
  const [asks, ask] = useState(false)
  const told = planning.map((one) => `${one.site === null ? 'Everywhere' : `At ${one.site}`}: ${wordsOf(one).join('; ')}.`)
  return (
    <div className={styles['approve']}>
      <span>{told.length === 0 ? 'Ordered by the rule of the site.' : told.join(' ')}</span>
      {may('setItemPlanning') && (
        <Button variant="default" size="compact-sm" onClick={() => ask(true)} aria-label={`Policy of ${sku}`}>
          Policy
        </Button>
      )}
      {asks && <Asks sku={sku} site={site} planning={planning} onClose={() => ask(false)} />}
    </div>
  )
}

const wordsOf = ({ policy, reorderPoint, orderUpTo, fixedOrderCost, service, shelfMax, shelfLifeDays }: Planning): readonly string[] => [
  ...(policy === 'none' ? ['not ordered by the plan'] : []),
  ...(policy === 'review' ? ['ordered as all items are'] : []),
  ...(reorderPoint !== null && orderUpTo !== null ? [`at ${number(reorderPoint)} or fewer ordered up to ${number(orderUpTo)}`] : []),
  ...(fixedOrderCost === null ? [] : [`ordered so many at a time as cost least, with ${money(fixedOrderCost)} for an order`]),
  ...(service === null ? [] : [service === 'cost' ? 'as surely there as margin and holding cost say' : `there with ${tenths(service * 100)} %`]),
  ...(shelfMax === null ? [] : [`at most ${number(shelfMax)} fit`]),
  ...(shelfLifeDays === null ? [] : [`lasts ${number(shelfLifeDays)} days`]),
]

const policyWords = { review: 'As all items are', levels: 'Between two levels', none: 'Not by the plan' } as const
const nothing: Body = {
  policy: null,
  reorderPoint: null,
  orderUpTo: null,
  fixedOrderCost: null,
  service: null,
  shelfMax: null,
  shelfLifeDays: null,
}
function Asks({ sku, site, planning, onClose }: PolicyProps & { readonly onClose: () => void }) {
  const [where, setWhere] = useState(site)
  const before = planning.find((one) => (one.site ?? '') === where)
  const set = useWrite<Body, Answer<'setItemPlanning'>>(
    (body, key) => write('POST', '/api/items/{sku}/planning', { params: { sku }, body: { ...body, site: where === '' ? null : where }, key }),
    { onDone: onClose },
  )
  return (
    <Dialog title={`How ${sku} is ordered`} onClose={onClose}>
      <div className={styles['form']}>
        <NativeSelect
          label="Where"
          value={where}
          onChange={(event) => setWhere(event.currentTarget.value)}
          data={[
            { value: site, label: site },
            { value: '', label: 'At every site that says nothing else' },
          ]}
        />
        <PolicyForm key={where} before={before ?? nothing} onSet={set.mutate}>
          {set.error !== null && <ProblemBox problem={set.error} />}
          <p className={styles['soft']}>What is left empty is as the site&rsquo;s rule says. The next plan goes by it.</p>
          <div className={styles['buttons']}>
            {before !== undefined && (
              <Button variant="default" onClick={() => set.mutate(nothing)}>
                By the rule again
              </Button>
            )}
            <Button type="submit" loading={set.isPending}>
              Order it so
            </Button>
          </div>
        </PolicyForm>
      </div>
    </Dialog>
  )
}

interface FormProps {
  readonly before: Body
  readonly onSet: (body: Body) => void
  readonly children: ReactNode
}

const MINOR = 100

function PolicyForm({ before, onSet, children }: FormProps) {
  const [policy, setPolicy] = useState<string>(before.policy ?? '')
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    // What is not shown is not there, and null.
    const whole = (name: string, factor = 1): number | null => {
      const typed = typedIn(form, name).trim()
      return typed === '' ? null : Math.round(Number(typed) * factor)
    }
    const thousandths = whole('service', 10)
    onSet({
      policy: itemPolicies.find((one) => one === policy) ?? null,
      reorderPoint: whole('reorderPoint'),
      orderUpTo: whole('orderUpTo'),
      fixedOrderCost: whole('fixedOrderCost', MINOR),
      service: typedIn(form, 'surely') === 'cost' ? 'cost' : thousandths === null ? null : thousandths / 1_000,
      shelfMax: whole('shelfMax'),
      shelfLifeDays: whole('shelfLifeDays'),
    })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      <NativeSelect
        label="It is ordered"
        value={policy}
        onChange={(event) => setPolicy(event.currentTarget.value)}
        data={[{ value: '', label: 'As is said elsewhere' }, ...itemPolicies.map((value) => ({ value, label: policyWords[value] }))]}
      />
      {policy === 'levels' && <LevelFields before={before} />}
      <ServiceFields before={before} />
      <Units name="shelfMax" label="Most that fits" least={1} before={before.shelfMax} />
      <Units
        name="shelfLifeDays"
        label="Days that it lasts from when it comes in"
        description="Of items with lots: no more is ordered than is worth it before it expires."
        least={1}
        before={before.shelfLifeDays}
      />
      {children}
    </form>
  )
}

function LevelFields({ before: { fixedOrderCost, reorderPoint, orderUpTo } }: Pick<FormProps, 'before'>) {
  const [from, setFrom] = useState(fixedOrderCost === null ? 'given' : 'cost')
  return (
    <>
      <NativeSelect
        label="The levels"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
        data={[
          { value: 'given', label: 'Are these' },
          { value: 'cost', label: 'Follow from what an order costs' },
        ]}
      />
      {from === 'given' ? (
        <>
          <Units name="reorderPoint" label="Ordered at so many or fewer" least={0} before={reorderPoint} isRequired />
          <Units name="orderUpTo" label="Up to so many" least={1} before={orderUpTo} isRequired />
        </>
      ) : (
        <TextInput
          name="fixedOrderCost"
          label="What an order costs"
          description="Whatever is ordered: to write it, to receive it, to carry it here"
          type="number"
          min={1 / MINOR}
          step={1 / MINOR}
          required
          defaultValue={fixedOrderCost === null ? '' : fixedOrderCost / MINOR}
        />
      )}
    </>
  )
}

function ServiceFields({ before: { service } }: Pick<FormProps, 'before'>) {
  const [surely, setSurely] = useState(service === null ? 'rule' : service === 'cost' ? 'cost' : 'said')
  return (
    <>
      <NativeSelect
        name="surely"
        label="Nothing is short"
        value={surely}
        onChange={(event) => setSurely(event.currentTarget.value)}
        data={[
          { value: 'rule', label: 'As surely as the rule says' },
          { value: 'said', label: 'With so many per cent' },
          { value: 'cost', label: 'As surely as margin and holding cost say' },
        ]}
      />
      {surely === 'said' && (
        <TextInput
          name="service"
          label="Per cent"
          type="number"
          min={0.1}
          max={99.9}
          step={0.1}
          required
          defaultValue={typeof service === 'number' ? Math.round(service * 1_000) / 10 : ''}
        />
      )}
    </>
  )
}

interface UnitsProps {
  readonly name: string
  readonly label: string
  readonly description?: string
  readonly least: number
  readonly before: number | null
  readonly isRequired?: boolean
}

function Units({ name, label, description, least, before, isRequired = false }: UnitsProps) {
  return (
    <TextInput
      name={name}
      label={label}
      {...(description !== undefined && { description })}
      type="number"
      inputMode="numeric"
      min={least}
      required={isRequired}
      defaultValue={before ?? ''}
    />
  )
}
