// Order payment: where it stands with the payment provider, step by step; what was declined can be asked for again.

import { Button } from '@mantine/core'
import { write, type Answer } from '../client.ts'
import { useMay } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { instant, moneyIn } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { paymentActionWords, paymentStateWords, stepStateWords } from '../ui/words.ts'
import styles from './order.module.css'

export function Payment({ order: { number, currency, payment } }: { readonly order: Answer<'getOrder'> }) {
  const may = useMay()
  const again = useWrite<object, unknown>((body, key) => write('POST', '/api/orders/{number}/payment', { params: { number }, body, key }))
  if (payment === null) return null
  const { word, tone } = paymentStateWords[payment.state]
  return (
    <Panel title="Payment" more={<Badge tone={tone}>{word}</Badge>}>
      <ul className={styles['goods']}>
        {payment.steps.map((step) => (
          <li key={step.step}>
            <strong>{paymentActionWords[step.action]}</strong>
            <span>{moneyIn(step.amount, currency)}</span>
            <span className={styles['soft']}>
              {[stepStateWords[step.state], ...(step.reason === null ? [] : [step.reason]), instant(step.answeredAt ?? step.askedAt)].join(', ')}
            </span>
          </li>
        ))}
      </ul>
      {payment.state === 'declined' && may('askPayment') && (
        <Button size="compact-sm" variant="default" loading={again.isPending} onClick={() => again.mutate({})}>
          Ask again
        </Button>
      )}
      {again.error !== null && <ProblemBox problem={again.error} />}
    </Panel>
  )
}
