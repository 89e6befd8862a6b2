// Item plan: what customers are going to want of an item at a site, what people say of that, and what is ordered for it and why.

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { chance, day, money, number, tenths } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { isEmptied } from './item-picture-chart.ts'
import { itemPlanQuery, type ItemPlan } from './item-plan-query.ts'
import { KnownAhead } from './item-plan-known.tsx'
import { LikeAnother } from './item-plan-like.tsx'
import { OrderedBy } from './item-plan-policy.tsx'
import styles from './plan.module.css'

interface Of {
  readonly sku: string
  readonly site: string
}

const methods: Readonly<Record<string, string>> = {
  none: 'nothing was sold yet',
  intermittent: 'it sells seldom: how often and how many at a time are forecast apart',
  seasonal: 'a season is seen in it',
  smooth: 'its level and trend',
  'several-seasons': 'several seasons are seen in it',
}

export function Planned({ sku, site }: Of) {
  const may = useMay()
  const [asks, ask] = useState(false)
  const query = useQuery(itemPlanQuery({ sku, site }))
  const adjust = (
    <span className={styles['buttons']}>
      {may('setForecastAnalogue') && <LikeAnother sku={sku} analogue={query.data?.analogue ?? null} />}
      {may('adjustForecast') && (
        <Button variant="default" size="compact-sm" onClick={() => ask(true)} aria-label="Adjust the forecast">
          Adjust
        </Button>
      )}
    </span>
  )
  return (
    <Panel title={`What will be wanted at ${site}`} more={adjust}>
      <Told query={query} rows={4}>
        {(plan) => (
          <>
            {plan.analogue !== null && (
              <p className={styles['because']}>
                Until it has sold for a year, what is missing of it is forecast as {number(plan.analogue.percent)} % of{' '}
                <Link to="/items/$sku" params={{ sku: plan.analogue.like }} search={{ site }}>
                  {plan.analogue.like}
                </Link>
                .
              </p>
            )}
            {plan.history.length === 0 && plan.analogue === null ? (
              <Empty title="Nothing was sold here yet">
                A forecast is made from the first week on in which customers took any, or at once as another item that is like it.
              </Empty>
            ) : (
              <p className={styles['because']}>
                Forecast by what its weeks are like: {methods[plan.method] ?? plan.method}.
                {plan.emptyDays.some(isEmptied) &&
                  ' Days on which there was probably nothing to sell are left out: what was sold tells of the others.'}
              </p>
            )}
            <KnownAhead plan={plan} />
            <OrderedBy sku={sku} site={site} planning={plan.planning} />
            <Line plan={plan} site={site} />
            <Adjustments plan={plan} site={site} />
          </>
        )}
      </Told>
      {asks && <Adjust sku={sku} site={site} onClose={() => ask(false)} />}
    </Panel>
  )
}

function Line({ plan: { line }, site }: { readonly plan: ItemPlan; readonly site: string }) {
  if (line === null) return <p className={styles['because']}>No plan has looked at it yet.</p>
  const { basis, quantity, because, order } = line
  return (
    <>
      <p className={styles['because']}>
        <Badge tone={quantity > 0 ? 'busy' : 'good'}>{quantity > 0 ? `Order ${number(quantity)}` : 'Nothing to order'}</Badge> {because}{' '}
        {order !== null && (
          <Link to="/plan/$id" params={{ id: order }} search={{ site }}>
            The proposed order
          </Link>
        )}
      </p>
      <ShortTable
        label="What it follows from"
        columns={[
          'At',
          'Can be counted on',
          'On its way',
          'Ordered already',
          'Wanted',
          'Give or take',
          'Order up to',
          'Short without',
          'Short with',
          'At risk',
        ]}
        ends={1}
        rows={[
          {
            key: 'figures',
            cells: [
              site,
              tenths(basis.countsAs),
              number(basis.supply),
              number(basis.overdue + basis.booked),
              tenths(basis.wanted),
              tenths(basis.deviation),
              tenths(basis.orderUpTo),
              chance(basis.stockoutWithout),
              chance(basis.stockoutWith),
              money(line.risk),
            ],
          },
        ]}
      />
    </>
  )
}

function Adjustments({ plan: { adjustments }, site }: { readonly plan: ItemPlan; readonly site: string }) {
  const may = useMay()
  const undo = useWrite<string, Answer<'undoForecastAdjustment'>>((id, key) =>
    write('POST', '/api/forecast-adjustments/{id}/reversal', { params: { id }, body: { site }, key }),
  )
  const standing = adjustments.filter((one) => one.undoneAt === null)
  if (standing.length === 0) return null
  return (
    <>
      <h3>What people say of it</h3>
      {undo.error !== null && <ProblemBox problem={undo.error} />}
      <ShortTable
        label="Adjustments"
        columns={['From', 'To', 'Change', 'Forecast', 'Adjusted', 'By', 'Undo']}
        ends={7}
        rows={standing.map((one) => ({
          key: one.id,
          cells: [
            day(one.from),
            day(one.to),
            `${one.percent > 0 ? '+' : ''}${one.percent} %`,
            tenths(one.forecastUnits),
            tenths(one.adjustedUnits),
            one.adjuster,
            may('undoForecastAdjustment') ? (
              <Button key="undo" variant="default" size="compact-sm" loading={undo.isPending} onClick={() => undo.mutate(one.id)}>
                Undo
              </Button>
            ) : (
              ''
            ),
          ],
          more: one.reason,
        }))}
      />
    </>
  )
}

interface Adjustment {
  readonly from: string
  readonly to: string
  readonly percent: number
  readonly reason: string
}

function Adjust({ sku, site, onClose }: Of & { readonly onClose: () => void }) {
  const adjust = useWrite<Adjustment, Answer<'adjustForecast'>>(
    (what, key) => write('POST', '/api/forecast-adjustments', { body: { site, sku, ...what }, key }),
    { onDone: onClose },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    adjust.mutate({ from: text('from'), to: text('to'), percent: Number(text('percent')), reason: text('reason') })
  }
  return (
    <Dialog title={`More or fewer of ${sku} than forecast`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextInput name="from" label="From" type="date" required data-autofocus />
        <TextInput name="to" label="To" type="date" required />
        <TextInput name="percent" label="More, in per cent; fewer with a minus" type="number" min={-100} max={1_000} required />
        <TextInput name="reason" label="Reason" maxLength={200} required autoComplete="off" placeholder="Promotion, fair, closed for works" />
        {adjust.error !== null && <ProblemBox problem={adjust.error} />}
        <p className={styles['soft']}>The next plan goes by it, and what was sold will say whether it was right.</p>
        <div className={styles['buttons']}>
          <Button type="submit" loading={adjust.isPending}>
            Adjust it
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
