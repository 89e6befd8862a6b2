// Back-test form: of which days and where, how much goes unseen, and the policies that are compared: today's rule first, then the usual ones, to be changed, removed
// and added to. A policy is called by what tells it from the others.

import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { backtestLimits, testedForecasts, testedStocks } from '../../core/backtest.ts'
import { usualPolicies, usualPolicy } from '../../core/loop/backtest/policies.ts'
import type { RowOf } from '../client.ts'
import { useSites } from '../site.ts'
import { typedIn } from '../ui/form.ts'
import { Icon } from '../ui/icons.tsx'
import { Filters } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { forecastWords, policyName, stockWords, TODAY, type Policy } from './backtest-words.ts'
import styles from './backtest.module.css'

export interface Wanted {
  readonly site: string | null
  readonly days: number
  readonly shrink: number
  readonly policies: Policy[]
}

interface BacktestFormProps {
  readonly rules: readonly RowOf<'listPlanningRules'>[]
  readonly isBusy: boolean
  readonly problem: Error | null
  readonly onAsk: (wanted: Wanted) => void
}

type Fields = Omit<Policy, 'name'>

interface Typed {
  readonly key: number
  readonly fields: Fields
  /** As it is typed, in per cent. */
  readonly service: string
}

const typedOf = (fields: Fields, key: number): Typed => ({ key, fields, service: String(Math.round(fields.serviceLevel * 1_000) / 10) })
const fieldsOf = ({ service, reviewDays, stock, countDays, forecast }: typeof usualPolicy): Fields => ({
  serviceLevel: service,
  reviewDays,
  stock,
  countDays,
  forecast,
})
const isSame = (one: Fields, other: Fields): boolean => policyName(one) === policyName(other)

export function BacktestForm({ rules, isBusy, problem, onAsk }: BacktestFormProps) {
  const [site, setSite] = useState('')
  const { site: _site, ...rule } = rules.find((one) => one.site === site) ?? rules.find((one) => one.site === null)!
  const [countDays, setCountDays] = useState(usualPolicy.countDays)
  const today: Fields = { ...fieldsOf(usualPolicy), ...rule, countDays }
  const { others, add, change, remove } = useOthers(today)
  const [wrong, setWrong] = useState<string>()
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const policies = others.map(({ fields, service }) => ({ ...fields, serviceLevel: partOf(service) }))
    const twice = policies.find((one, index) => policies.findIndex((other) => isSame(one, other)) !== index)
    setWrong(twice && `Two policies are “${policyName(twice)}”: change one of them, or take it out.`)
    if (twice !== undefined) return
    onAsk({
      site: site === '' ? null : site,
      days: Number(typedIn(form, 'days')),
      shrink: partOf(typedIn(form, 'shrink')),
      policies: [{ name: TODAY, ...today }, ...policies.map((fields) => ({ name: policyName(fields), ...fields }))],
    })
  }
  return (
    <form onSubmit={submit} className={styles['form']}>
      <WhatIsLived site={site} onSite={setSite} />
      <div className={styles['fields']}>
        <ShortTable
          label="Policies to compare"
          columns={['Policy', 'Service, %', 'Orders from', 'Order every, days', 'Count every, days', 'Forecast', 'Take out']}
          ends={7}
          rows={[
            { key: 'today', cells: todayCells(today, setCountDays) },
            ...others.map((one) => ({
              key: String(one.key),
              cells: policyCells(
                one,
                (to) => change(one.key, to),
                () => remove(one.key),
              ),
            })),
          ]}
        />
      </div>
      {wrong !== undefined && (
        <p role="alert" className={styles['wrong']}>
          {wrong}
        </p>
      )}
      {problem !== null && <ProblemBox problem={problem} />}
      <div className={styles['buttons']}>
        <Button
          variant="default"
          onClick={add}
          disabled={others.length + 1 >= backtestLimits.policies_max}
          leftSection={<Icon name="add" size={16} />}
        >
          Another policy
        </Button>
        <Button type="submit" loading={isBusy}>
          Run it
        </Button>
      </div>
    </form>
  )
}

/** Of per cent as they are typed, with one decimal. */
const partOf = (typed: string): number => Math.round(Number(typed) * 10) / 1_000

/** The policies besides today's rule: at first the usual ones, without that which it is. */
function useOthers(today: Fields) {
  const [others, setOthers] = useState<readonly Typed[]>(() =>
    usualPolicies.map(fieldsOf).flatMap((fields, key) => (isSame(fields, today) ? [] : [typedOf(fields, key)])),
  )
  const change = (key: number, to: Partial<Typed>): void => setOthers((before) => before.map((one) => (one.key === key ? { ...one, ...to } : one)))
  const remove = (key: number): void => setOthers((before) => before.filter((one) => one.key !== key))
  const add = (): void => {
    const key = Math.max(usualPolicies.length, ...others.map((one) => one.key + 1))
    setOthers((before) => [...before, typedOf({ ...fieldsOf(usualPolicy), serviceLevel: 0.97 }, key)])
  }
  return { others, add, change, remove }
}

function WhatIsLived({ site, onSite }: { readonly site: string; readonly onSite: (site: string) => void }) {
  const { data: sites = [] } = useSites()
  return (
    <Filters>
      <NativeSelect
        label="Where"
        value={site}
        onChange={(event) => onSite(event.currentTarget.value)}
        data={[{ value: '', label: 'Every site' }, ...sites.map((one) => ({ value: one.code, label: `${one.code} ${one.name}` }))]}
      />
      <TextInput
        name="days"
        label="Days, up to the last with sales"
        type="number"
        min={backtestLimits.days_min}
        max={backtestLimits.days_max}
        required
        defaultValue={180}
      />
      <TextInput
        name="shrink"
        label="Goes unseen, per cent of sales"
        type="number"
        min={0}
        max={100 * backtestLimits.shrink_max}
        step={0.1}
        required
        defaultValue={2}
      />
    </Filters>
  )
}

/** Stands on one line with fields. */
const Fixed = ({ children }: { readonly children: ReactNode }) => <span className={styles['fixed']}>{children}</span>

/** Only how often it is counted is not said by any rule. */
const todayCells = (today: Fields, setCountDays: (days: number) => void) => [
  <Fixed key="name">
    <strong>{TODAY}</strong>
  </Fixed>,
  <Fixed key="service">{Math.round(today.serviceLevel * 1_000) / 10}</Fixed>,
  <Fixed key="stock">{stockWords[today.stock]}</Fixed>,
  <Fixed key="review">{today.reviewDays}</Fixed>,
  <Days
    key="count"
    label={`Days between counts, ${TODAY}`}
    value={today.countDays}
    min={0}
    max={backtestLimits.count_days_max}
    onChange={setCountDays}
  />,
  <Fixed key="forecast">{forecastWords[today.forecast]}</Fixed>,
  '',
]

function policyCells({ fields, service }: Typed, change: (to: Partial<Typed>) => void, remove: () => void) {
  const name = policyName(fields)
  const put = (to: Partial<Fields>): void => change({ fields: { ...fields, ...to } })
  return [
    <Fixed key="name">{name}</Fixed>,
    <TextInput
      key="service"
      className={styles['short']}
      aria-label={`Service of ${name}, per cent`}
      type="number"
      min={0.1}
      max={99.9}
      step={0.1}
      required
      value={service}
      onChange={({ currentTarget: { value } }) =>
        change({ service: value, ...(Number(value) > 0 && { fields: { ...fields, serviceLevel: partOf(value) } }) })
      }
    />,
    <NativeSelect
      key="stock"
      className={styles['choice']}
      aria-label={`What ${name} orders from`}
      value={fields.stock}
      onChange={({ currentTarget: { value } }) => put({ stock: testedStocks.find((one) => one === value)! })}
      data={testedStocks.map((value) => ({ value, label: stockWords[value] }))}
    />,
    <Days
      key="review"
      label={`Days between orders of ${name}`}
      value={fields.reviewDays}
      min={1}
      max={365}
      onChange={(reviewDays) => put({ reviewDays })}
    />,
    <Days
      key="count"
      label={`Days between counts of ${name}`}
      value={fields.countDays}
      min={0}
      max={backtestLimits.count_days_max}
      onChange={(days) => put({ countDays: days })}
    />,
    <NativeSelect
      key="forecast"
      className={styles['wide']}
      aria-label={`How ${name} forecasts`}
      value={fields.forecast}
      onChange={({ currentTarget: { value } }) => put({ forecast: testedForecasts.find((one) => one === value)! })}
      data={testedForecasts.map((value) => ({ value, label: forecastWords[value] }))}
    />,
    <ActionIcon key="remove" size={36} variant="subtle" color="gray" aria-label={`Take out ${name}`} onClick={remove}>
      <Icon name="remove" size={16} />
    </ActionIcon>,
  ]
}

interface DaysProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (days: number) => void
}

/** What is typed stays as it is; the days are what it says once it says some. */
function Days({ label, value, min, max, onChange }: DaysProps) {
  const [text, setText] = useState(String(value))
  const type = (typed: string): void => {
    setText(typed)
    if (/^\d+$/.test(typed)) onChange(Number(typed))
  }
  return (
    <TextInput
      className={styles['short']}
      aria-label={label}
      type="number"
      min={min}
      max={max}
      required
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
    />
  )
}
