// Conditions: which orders of a plan may be placed without a person looking at each; as fields of a form, as words, and as a dialog that orders all that they allow.

import { Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { newKey, write, type Answer, type RowOf } from '../client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { money, number } from '../ui/format.ts'
import { ShortTable } from '../ui/short-table.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './plan.module.css'

export type Conditions = Omit<RowOf<'listApprovalRules'>, 'site'>
type Kind = Conditions['from'][number]

const MINOR = 100
export const kinds: Readonly<Record<Kind, string>> = { supplier: 'Purchases', site: 'Transfers', production: 'Work orders' }

const kindWords = (from: readonly Kind[]): string => (from.length === 0 ? 'All orders' : from.map((one) => kinds[one]).join(', '))

/** What a form of these fields says. */
export function conditionsIn(form: HTMLFormElement, from: readonly Kind[]): Conditions {
  const times = typedIn(form, 'usualTimesMax')
  return {
    valueMax: Math.round(Number(typedIn(form, 'valueMax')) * MINOR),
    from: [...from],
    suppliers: typedIn(form, 'suppliers')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    usualTimesMax: times === '' ? null : Number(times),
  }
}

export function ConditionFields({ shown }: { readonly shown?: Conditions | undefined }) {
  return (
    <>
      <TextInput
        name="valueMax"
        label="One order is worth at most"
        type="number"
        min={0}
        step={0.01}
        required
        defaultValue={shown === undefined ? '' : shown.valueMax / MINOR}
        data-autofocus
      />
      <TextInput
        name="usualTimesMax"
        label="At most so many times what the supplier's orders usually are"
        description="Empty where that is no matter"
        type="number"
        min={0.1}
        max={1000}
        step={0.1}
        defaultValue={shown?.usualTimesMax ?? ''}
      />
      <TextInput
        name="suppliers"
        label="Only from these suppliers"
        description="Codes with commas between; empty for all"
        defaultValue={shown?.suppliers.join(', ') ?? ''}
      />
      <p className={styles['soft']}>
        Never what is beyond the budget, waits, or has a line whose open orders are late or not needed, or whose figures are doubtful.
      </p>
    </>
  )
}

interface Done {
  readonly placed: number
  readonly kept: Answer<'approvePlannedOrders'>['kept']
}

/** Orders all that conditions allow of what is shown, and says which are left and why. */
export function OrderAll({ site, from, onClose }: { readonly site: string; readonly from: readonly Kind[]; readonly onClose: () => void }) {
  const [done, tell] = useState<Done>()
  const order = useWrite<Conditions, Done>(async (conditions) => {
    const all = { placed: 0, kept: [] as Done['kept'] }
    for (let after: string | null | undefined; after !== null;) {
      const asked: Answer<'approvePlannedOrders'> = await write('POST', '/api/plan/approvals', {
        body: { site, ...conditions, after: after ?? null },
        key: newKey(),
      })
      all.placed += asked.ordered.filter((one) => one.placed).length
      all.kept = [...all.kept, ...asked.kept]
      after = asked.next
    }
    tell(all)
    return all
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    order.mutate(conditionsIn(event.currentTarget, from))
  }
  return (
    <Dialog title={`Order all for ${site} that…`} onClose={onClose}>
      {done === undefined ? (
        <form onSubmit={submit} className={styles['form']}>
          <p className={styles['soft']}>{`${kindWords(from)} that the plan proposes and nobody has ordered yet.`}</p>
          <ConditionFields />
          {order.error !== null && <ProblemBox problem={order.error} />}
          <div className={styles['buttons']}>
            <Button type="submit" loading={order.isPending}>
              Order them
            </Button>
          </div>
        </form>
      ) : (
        <div className={styles['form']}>
          <p role="status">{`${number(done.placed)} ordered, ${number(done.kept.length)} left to you.`}</p>
          {done.kept.length > 0 && (
            <ShortTable
              label="Left to you"
              columns={['From', 'Why not']}
              ends={2}
              rows={done.kept.map((one) => ({ key: one.id, cells: [one.code, one.because] }))}
            />
          )}
          <div className={styles['buttons']}>
            <Button onClick={onClose}>Close</Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

/** A rule in words. */
export function conditionWords({ from, valueMax, suppliers, usualTimesMax }: Conditions): string {
  const parts = [
    `${kindWords(from)} up to ${money(valueMax)}`,
    ...(suppliers.length === 0 ? [] : [`from ${suppliers.join(', ')}`]),
    ...(usualTimesMax === null ? [] : [`at most ${usualTimesMax} times the usual`]),
  ]
  return parts.join(', ')
}
