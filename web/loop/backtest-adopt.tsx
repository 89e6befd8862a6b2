// Back-test, adopting: a policy becomes the rule that the next plan orders by, everywhere or where the run looked; what changes is told first, and the rule of before
// can be put back.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read, write, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { percent } from '../ui/format.ts'
import { Done, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { isSameRule, planningRuleOf, stockWords, type Policy, type Rule } from './backtest-words.ts'
import type { OneRun } from './use-backtests.ts'
import styles from './backtest.module.css'

interface Change {
  readonly name: string
  readonly former: Rule
  readonly next: Rule
}

/** What is adopted in words, and what it was before. */
export interface Adoption {
  /** The rule that holds now where the run looked; undefined until it is known. */
  readonly current: Rule | undefined
  readonly asked: Policy | undefined
  readonly ask: (policy: Policy | undefined) => void
  readonly done: Change | undefined
  readonly adopt: (change: Change) => void
  readonly isBusy: boolean
  readonly problem: Problem | null
}

export function useAdoption({ site }: OneRun): Adoption {
  const [asked, ask] = useState<Policy>()
  const [done, setDone] = useState<Change>()
  const { data } = useQuery<Answer<'listPlanningRules'>, Problem>({
    queryKey: ['planning-rules'],
    queryFn: ({ signal }) => read('/api/planning-rules', {}, signal),
    meta: live,
  })
  const set = useWrite<Change, Answer<'setPlanningRule'>>(({ next }, key) => write('POST', '/api/planning-rules', { body: { ...next, site }, key }))
  const adopt = (change: Change): void =>
    set.mutate(change, {
      onSuccess: () => {
        setDone(change)
        ask(undefined)
      },
    })
  return {
    current: ruleAt(data?.rows ?? [], site),
    asked,
    ask: (policy) => {
      set.reset()
      ask(policy)
    },
    done,
    adopt,
    isBusy: set.isPending,
    problem: set.error,
  }
}

function ruleAt(rules: readonly RowOf<'listPlanningRules'>[], site: string | null): Rule | undefined {
  const found = rules.find((one) => one.site === site) ?? rules.find((one) => one.site === null)
  if (found === undefined) return undefined
  const { serviceLevel, reviewDays, stock } = found
  return { serviceLevel, reviewDays, stock }
}

/** In the row of a policy: to adopt it, or why nobody can. */
export function AdoptCell({ policy, adoption: { current, ask } }: { readonly policy: Policy; readonly adoption: Adoption }) {
  const rule = planningRuleOf(policy)
  if (current === undefined) return null
  if (typeof rule === 'string')
    return (
      <span className={styles['soft']} title={rule}>
        {policy.stock === 'truth' ? 'Nobody can' : 'No rule does so'}
      </span>
    )
  if (isSameRule(rule, current)) return <Badge tone="good">Is the rule</Badge>
  return (
    <Button variant="default" size="compact-sm" onClick={() => ask(policy)} aria-label={`Adopt ${policy.name}`}>
      Adopt
    </Button>
  )
}

/** What was adopted, with the way back; and the question before. */
export function AdoptPart({ adoption, run }: { readonly adoption: Adoption; readonly run: OneRun }) {
  const { asked, ask, current, done, adopt, isBusy, problem } = adoption
  const rule = asked && planningRuleOf(asked)
  return (
    <>
      {done !== undefined && (
        <div className={styles['adopted']}>
          <Done>{`The next plan orders by “${done.name}”.`}</Done>
          {done.name !== FORMER && (
            <Button
              variant="default"
              size="compact-sm"
              loading={isBusy}
              onClick={() => adopt({ name: FORMER, former: done.next, next: done.former })}
            >
              Undo
            </Button>
          )}
        </div>
      )}
      {problem !== null && asked === undefined && <ProblemBox problem={problem} />}
      {asked !== undefined && current !== undefined && typeof rule === 'object' && (
        <Dialog title={`Adopt ${asked.name}`} onClose={() => ask(undefined)}>
          <p>{`From the next plan on, ${run.site ?? 'every site without a rule of its own'} is ordered for so:`}</p>
          <dl className={styles['changes']}>
            <Changed name="Nothing is short with" before={percent(current.serviceLevel)} after={percent(rule.serviceLevel)} />
            <Changed name="Ordered every" before={`${current.reviewDays} days`} after={`${rule.reviewDays} days`} />
            <Changed name="Orders are made of" before={stockWords[current.stock]} after={stockWords[rule.stock]} />
          </dl>
          <p className={styles['soft']}>{countsOf(asked)}</p>
          {problem !== null && <ProblemBox problem={problem} />}
          <div className={styles['buttons']}>
            <Button loading={isBusy} onClick={() => adopt({ name: asked.name, former: current, next: rule })} data-autofocus>
              Adopt it
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}

const FORMER = 'The rule of before'

function Changed({ name, before, after }: { readonly name: string; readonly before: string; readonly after: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {before === after ? (
          <span className={styles['soft']}>{`${after}, as now`}</span>
        ) : (
          <>
            <span className={styles['soft']}>{`${before} → `}</span>
            <strong>{after}</strong>
          </>
        )}
      </dd>
    </div>
  )
}

/** A rule says nothing of counts. */
const countsOf = ({ countDays }: Policy): string =>
  countDays === 0
    ? 'It was lived without counts.'
    : `It was lived with each item counted every ${countDays} days. No rule sees to that: open count sheets as often, or expect less.`
