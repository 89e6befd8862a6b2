// New order: what a customer wants, with what can be promised beside each line as it is typed. The promise shown is a question asked again and
// again; only placing the order holds anything.

import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { minorDigits } from '../../core/currency.ts'
import { read, write, type Answer, type Problem } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { findCustomers, findItems } from '../ui/find.ts'
import { moneyIn } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Lookup } from '../ui/lookup.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { BasketPromise, isWhole, LinePromise, quantityOf, useBasket, type AskedBasket, type AskedLine } from './basket.tsx'
import { BoughtHint, SupplySelect, type SupplyWay } from './line-supply.tsx'
import { Totals, Why } from './order-price.tsx'
import { QuantityField } from './unit-field.tsx'
import styles from './new-order.module.css'

interface Line extends AskedLine {
  readonly price: string
  /** In per cent, as it is typed. */
  readonly discount: string
  readonly supply: SupplyWay
}

type Way = 'deliver' | 'collect'

interface Draft {
  readonly customer: string
  readonly reference: string
  readonly currency: string
  readonly discount: string
  readonly priority: string
  readonly shipComplete: boolean
  readonly way: Way
  readonly lines: readonly Line[]
}

const emptyLine = (id: number): Line => ({
  id,
  sku: '',
  quantity: '1',
  unit: '',
  requested: '',
  price: '',
  discount: '',
  insteadOf: '',
  supply: 'stock',
})
const empty: Draft = {
  customer: '',
  reference: '',
  currency: '',
  discount: '',
  priority: '5',
  shipComplete: false,
  way: 'deliver',
  lines: [emptyLine(1)],
}
const TYPING_MILLISECONDS = 250

type Placed = Answer<'placeOrder'>

export function NewOrderPage() {
  const site = useSite()
  const may = useMay()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(empty)
  const change = (some: Partial<Draft>): void => setDraft((before) => ({ ...before, ...some }))
  const place = useWrite<{ readonly site: string; readonly draft: Draft }, Placed>(
    async (content, key) => {
      const currency = await currencyOf(content.site, content.draft, content.draft.lines)
      return write('POST', '/api/orders', { body: bodyOf(content.site, content.draft, currency), key })
    },
    { onDone: ({ number: placed }) => void navigate({ to: '/orders/$number', params: { number: placed } }) },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    place.mutate({ site, draft })
  }
  const faultOf = (field: string): string | undefined => faultAt(place.error, field)
  const quote = useQuote(site, draft)
  if (!may('placeOrder')) {
    return (
      <Page title="New order">
        <Empty title="Your role places no orders">An administrator can give you another.</Empty>
      </Page>
    )
  }
  return (
    <Page title="New order" about={`Served by ${site}`} back={{ to: '/orders', text: 'Orders' }}>
      <form onSubmit={submit} className={styles['form']} noValidate>
        <ForWhom site={site} draft={draft} quote={quote} faultOf={faultOf} onChange={change} />
        <Lines site={site} lines={draft.lines} quote={quote.data} faultOf={faultOf} onChange={(lines) => change({ lines })} />
        <Panel title="What it comes to">
          {quote.data === undefined ? (
            <p className={styles['soft']}>{quote.error?.message ?? 'Choose a customer and items, and what they cost stands here.'}</p>
          ) : (
            <Totals totals={quote.data.totals} currency={quote.data.currency} more={quote.data.paymentTerm ?? undefined} />
          )}
        </Panel>
        {place.error !== null && <ProblemBox problem={place.error} />}
        <div className={styles['end']}>
          <Button type="submit" loading={place.isPending} disabled={site === ''}>
            Place order
          </Button>
        </div>
      </form>
    </Page>
  )
}

interface ForWhomProps {
  readonly site: string
  readonly draft: Draft
  readonly quote: ReturnType<typeof useQuote>
  readonly faultOf: (field: string) => string | undefined
  readonly onChange: (some: Partial<Draft>) => void
}

/** Who orders, how urgently, and what holds for all lines. */
function ForWhom({ site, draft, quote, faultOf, onChange }: ForWhomProps) {
  return (
    <Panel title="For whom">
      <div className={styles['fields']}>
        <Lookup
          label="Customer"
          name="customers"
          required
          value={draft.customer}
          find={findCustomers}
          error={faultOf('customer')}
          onChoose={(customer) => onChange({ customer })}
        />
        <TextInput
          label="Customer's number"
          value={draft.reference}
          error={faultOf('reference')}
          onChange={(event) => onChange({ reference: event.currentTarget.value })}
        />
        <NativeSelect
          label="Priority"
          value={draft.priority}
          onChange={(event) => onChange({ priority: event.currentTarget.value })}
          data={Array.from({ length: 10 }, (_none, level) => ({ value: String(level), label: priorityWord(level) }))}
        />
        <NativeSelect
          label="How it gets there"
          value={draft.way}
          onChange={(event) => onChange({ way: event.currentTarget.value === 'collect' ? 'collect' : 'deliver' })}
          data={[
            { value: 'deliver', label: 'Delivered' },
            { value: 'collect', label: `Collected at ${site}` },
          ]}
        />
        <TextInput
          label="Currency"
          value={draft.currency}
          placeholder={quote.data?.currency ?? ''}
          maxLength={3}
          error={faultOf('currency') ?? faultAt(quote.error, 'currency')}
          onChange={(event) => onChange({ currency: event.currentTarget.value.toUpperCase() })}
        />
        <TextInput
          label="Discount on all, %"
          inputMode="decimal"
          value={draft.discount}
          error={faultOf('discount') ?? faultAt(quote.error, 'discount')}
          onChange={(event) => onChange({ discount: event.currentTarget.value })}
        />
      </div>
      <Checkbox
        mt="md"
        label="Deliver everything at once"
        checked={draft.shipComplete}
        onChange={(event) => onChange({ shipComplete: event.currentTarget.checked })}
      />
    </Panel>
  )
}

const priorityWord = (level: number): string => (level === 0 ? '0 · most urgent' : level === 5 ? '5 · usual' : String(level))

function bodyOf(site: string, { reference, priority, shipComplete, way, lines, ...draft }: Draft, currency: string) {
  return {
    ...headOf(site, draft),
    ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
    priority: Number(priority),
    shipComplete,
    ...(way === 'collect' ? { collect: {} } : {}),
    lines: lines.map((line) => ({
      ...pricedLineOf(line, currency),
      ...(line.requested === '' ? {} : { requested: line.requested }),
      ...(line.insteadOf === '' ? {} : { insteadOf: line.insteadOf }),
      ...(line.supply === 'stock' ? {} : { supply: line.supply }),
    })),
  }
}

/** What of an order its price depends on. */
const headOf = (site: string, { customer, currency, discount }: Pick<Draft, 'customer' | 'currency' | 'discount'>) => ({
  site,
  customer,
  ...(currency === '' ? {} : { currency }),
  ...discountOf(discount),
})

const pricedLineOf = ({ price, discount, ...line }: Line, currency: string) => ({
  ...quantityOf(line),
  ...(price.trim() === '' ? {} : { [line.unit === '' ? 'unitPrice' : 'priceOfUnit']: minorOf(price, minorDigits(currency)) }),
  ...discountOf(discount),
})

const PERCENT_DIGITS = 4
const discountOf = (percent: string) => (percent.trim() === '' ? {} : { discount: { perMillion: minorOf(percent, PERCENT_DIGITS) } })

/** A number as it is typed, in the smallest unit; what is none goes as it is, and is refused by its field. */
const minorOf = (typed: string, digits: number): number => Math.round(Number(typed.replace(',', '.')) * 10 ** digits)

/** What the order would cost if it were placed now. */
function useQuote(site: string, draft: Draft) {
  const [{ lines, ...asked }] = useDebouncedValue(draft, TYPING_MILLISECONDS)
  const whole = lines.filter(isWhole)
  return useQuery<Quote, Problem>({
    queryKey: ['quote', site, asked.customer, asked.currency, asked.discount, whole],
    queryFn: async () => {
      const currency = await currencyOf(site, asked, whole)
      const quoted = await askPrice({ ...headOf(site, asked), lines: whole.map((line) => pricedLineOf(line, currency)) })
      return { ...quoted, byLine: new Map(quoted.lines.map((line, index) => [whole[index]!.id, line])) }
    },
    enabled: site !== '' && asked.customer !== '' && whole.length > 0,
    placeholderData: (before) => before,
    retry: false,
  })
}

const askPrice = (body: Parameters<typeof write<'POST', '/api/order-quotes'>>[2]['body']) => write('POST', '/api/order-quotes', { body })

/** The currency that prices are typed in: how many digits stand behind its point is not the same for all. */
async function currencyOf(site: string, asked: Pick<Draft, 'customer' | 'currency'>, lines: readonly Line[]): Promise<string> {
  if (asked.currency !== '' || lines.every((line) => line.price.trim() === '')) return asked.currency
  const plain = lines.filter(isWhole).map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }))
  return plain.length === 0 ? '' : (await askPrice({ ...headOf(site, { ...asked, discount: '' }), lines: plain })).currency
}

interface Quote extends Answer<'quoteOrder'> {
  readonly byLine: ReadonlyMap<number, Answer<'quoteOrder'>['lines'][number]>
}

function faultAt(problem: Problem | null, field: string): string | undefined {
  if (problem === null) return undefined
  return problem.errors.find((one) => one.field === field)?.detail ?? (problem.field === field ? problem.message : undefined)
}

interface LinesProps {
  readonly site: string
  readonly lines: readonly Line[]
  readonly quote: Quote | undefined
  readonly faultOf: (field: string) => string | undefined
  readonly onChange: (lines: readonly Line[]) => void
}

function Lines({ site, lines, quote, faultOf, onChange }: LinesProps) {
  // What is bought for the order takes nothing of stock: it is not asked what stock could promise.
  const basket = useBasket(
    site,
    lines.filter((line) => line.supply === 'stock'),
  )
  const add = (): void => onChange([...lines, emptyLine(Math.max(...lines.map((line) => line.id)) + 1)])
  return (
    <Panel title="What">
      <ol className={styles['lines']}>
        {lines.map((line, index) => (
          <LineFields
            key={line.id}
            site={site}
            basket={basket}
            line={line}
            at={index + 1}
            quoted={quote?.byLine.get(line.id)}
            currency={quote?.currency ?? ''}
            faultOf={(name) => faultOf(`lines/${index + 1}/${name}`)}
            onChange={(some) => onChange(lines.map((one) => (one.id === line.id ? { ...one, ...some } : one)))}
            {...(lines.length > 1 ? { onRemove: () => onChange(lines.filter((one) => one.id !== line.id)) } : {})}
          />
        ))}
      </ol>
      <Button variant="default" leftSection={<Icon name="add" size={16} />} onClick={add}>
        Add a line
      </Button>
      <BasketPromise asked={basket} />
    </Panel>
  )
}

/** What is taken instead has units of its own, so it is as many base units. */
const inBase = ({ id, unit, quantity }: Line, { lines }: AskedBasket): Partial<Line> =>
  unit === '' ? {} : { unit: '', price: '', quantity: String(lines.get(id)?.quantity ?? quantity) }

interface LineFieldsProps {
  readonly site: string
  readonly basket: AskedBasket
  readonly line: Line
  readonly at: number
  readonly quoted: Answer<'quoteOrder'>['lines'][number] | undefined
  readonly currency: string
  readonly faultOf: (name: string) => string | undefined
  readonly onChange: (some: Partial<Line>) => void
  readonly onRemove?: () => void
}

function LineFields({ site, basket, line, at, quoted, currency, faultOf, onChange, onRemove }: LineFieldsProps) {
  const item = useQuery<Answer<'listItems'>, Problem>({
    queryKey: ['item', line.sku],
    queryFn: ({ signal }) => read('/api/items', { query: { sku: line.sku, limit: 1 } }, signal),
    enabled: line.sku !== '',
  })
  const known = item.data?.rows[0]
  return (
    <li className={styles['line']} aria-label={`Line ${at}`}>
      <Lookup
        label="Item"
        name="items"
        required
        value={line.sku}
        find={findItems}
        error={faultOf('sku')}
        about={known?.name}
        onChoose={(sku) => onChange({ sku, unit: '', insteadOf: '' })}
      />
      <QuantityField line={line} base={known?.unit} faultOf={faultOf} onChange={onChange} />
      <SupplySelect value={line.supply} error={faultOf('supply') ?? faultOf('supplier')} onChange={(supply) => onChange({ supply })} />
      <TextInput
        label="Wanted by"
        type="date"
        value={line.requested}
        error={faultOf('requested')}
        onChange={(event) => onChange({ requested: event.currentTarget.value })}
      />
      <TextInput
        label={line.unit === '' ? 'Price each' : `Price of a ${line.unit}`}
        inputMode="decimal"
        value={line.price}
        placeholder={quoted !== undefined && line.price === '' && line.unit === '' ? moneyIn(quoted.unitPrice, currency) : ''}
        error={faultOf(line.unit === '' ? 'unitPrice' : 'priceOfUnit')}
        onChange={(event) => onChange({ price: event.currentTarget.value })}
      />
      <TextInput
        label="Discount, %"
        inputMode="decimal"
        value={line.discount}
        error={faultOf('discount')}
        onChange={(event) => onChange({ discount: event.currentTarget.value })}
      />
      {onRemove && (
        <Button variant="subtle" color="gray" className={styles['remove']} aria-label={`Remove line ${at}`} onClick={onRemove}>
          <Icon name="remove" size={16} />
        </Button>
      )}
      <Promised site={site} basket={basket} line={line} onChange={onChange} />
      {quoted !== undefined && (
        <div className={styles['cost']}>
          <span>{`${moneyIn(quoted.net, currency)} net`}</span>
          <Why steps={quoted.steps} currency={currency} />
        </div>
      )}
    </li>
  )
}

/** What is promised of a line from stock; one that is bought takes nothing of it. */
function Promised({ site, basket, line, onChange }: Pick<LineFieldsProps, 'site' | 'basket' | 'line' | 'onChange'>) {
  if (line.supply !== 'stock') return <BoughtHint how={line.supply} />
  const take = (sku: string): void => onChange({ sku, ...inBase(line, basket), insteadOf: line.insteadOf === '' ? line.sku : line.insteadOf })
  return <LinePromise site={site} line={line} asked={basket} onTake={take} />
}
