// New return: which lines of an order come back, how many of each and why. It may be authorised only, and the goods follow; or they lie on the desk, and
// are received in the same step.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import { returnReasons, type ReturnReason } from '../../core/rma.ts'
import { read, write, type Answer, type Problem } from '../client.ts'
import { useMay } from '../session.tsx'
import { typedIn } from '../ui/form.ts'
import { number } from '../ui/format.ts'
import { Page, Panel } from '../ui/page.tsx'
import { Empty, Loading, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { returnReasonWords } from '../ui/words.ts'
import styles from './returns.module.css'

type Order = Answer<'getOrder'>
type OrderLine = Order['lines'][number]

interface Content {
  readonly order: string
  readonly lines: readonly { readonly orderLine: number; readonly quantity: number; readonly reason: ReturnReason; readonly note: string }[]
}

const route = getRouteApi('/returns/new')
const back = { to: '/returns', text: 'Returns' } as const

export function NewReturnPage() {
  const { order: wanted = '' } = route.useSearch()
  const query = useQuery<Order, Problem>({
    queryKey: ['order', wanted],
    queryFn: ({ signal }) => read('/api/orders/{number}', { params: { number: wanted } }, signal),
    enabled: wanted !== '',
  })
  if (query.data !== undefined) return <Desk order={query.data} />
  return (
    <Page title="New return" back={back}>
      {wanted === '' ? (
        <Empty title="Of which order?" action={<Link to="/returns">Type its number at the desk</Link>}>
          A return is of the lines of an order.
        </Empty>
      ) : query.error === null ? (
        <Loading />
      ) : (
        <ProblemBox problem={query.error} retry={() => void query.refetch()} />
      )}
    </Page>
  )
}

/** What of a line has left and was not taken back: the server knows what is authorised besides, and says so. */
const out = ({ shipped, cameBack, returned }: OrderLine): number => shipped - cameBack - returned

function Desk({ order }: { readonly order: Order }) {
  const may = useMay()
  const navigate = route.useNavigate()
  const authorise = useWrite<Content, Answer<'authoriseReturn'>>(
    ({ order: of, lines }, key) => write('POST', '/api/orders/{number}/returns', { params: { number: of }, body: { lines: [...lines] }, key }),
    { onDone: ({ id }) => void navigate({ to: '/returns/$id', params: { id } }) },
  )
  const lines = order.lines.filter((line) => out(line) > 0)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const wanted = lines.map(({ line }) => ({
      orderLine: line,
      quantity: Number(text(`quantity-${line}`) || 0),
      reason: returnReasons.find((one) => one === text(`reason-${line}`)) ?? 'other',
      note: text(`note-${line}`),
    }))
    authorise.mutate({ order: order.number, lines: wanted.filter((line) => line.quantity > 0) })
  }
  if (lines.length === 0 || !may('authoriseReturn')) {
    return (
      <Page title={`Return of ${order.number}`} back={back}>
        <Empty title={lines.length === 0 ? 'Nothing of this order can come back' : 'Your role takes no returns'}>
          {lines.length === 0 ? 'Nothing of it has left, or all of it came back.' : 'An administrator can give you another.'}
        </Empty>
      </Page>
    )
  }
  return (
    <Page title={`Return of ${order.number}`} about={`What ${order.customer} sends back, and why`} back={back}>
      <Panel title="What comes back">
        <form onSubmit={submit} className={styles['form']}>
          {lines.map((line, index) => (
            <Line key={line.line} line={line} isFirst={index === 0} />
          ))}
          {authorise.error !== null && <ProblemBox problem={authorise.error} />}
          <div className={styles['buttons']}>
            <Button type="submit" loading={authorise.isPending}>
              Authorise
            </Button>
          </div>
        </form>
      </Panel>
    </Page>
  )
}

const Line = ({ line, isFirst }: { readonly line: OrderLine; readonly isFirst: boolean }) => (
  <fieldset className={styles['line']}>
    <span>
      <strong>{line.sku}</strong> <span className={styles['name']}>{`${line.name} · ${number(out(line))} can come back`}</span>
    </span>
    <TextInput
      name={`quantity-${line.line}`}
      label="Quantity"
      aria-label={`Quantity of ${line.sku}`}
      type="number"
      min={0}
      max={out(line)}
      autoFocus={isFirst}
    />
    <NativeSelect
      name={`reason-${line.line}`}
      label="Reason"
      aria-label={`Why ${line.sku} comes back`}
      data={returnReasons.map((value) => ({ value, label: returnReasonWords[value] }))}
    />
    <TextInput name={`note-${line.line}`} label="What the customer says" aria-label={`What the customer says of ${line.sku}`} />
  </fieldset>
)
