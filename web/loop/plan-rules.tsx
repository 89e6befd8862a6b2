// Planning rules: how surely nothing shall be short, how often one orders, and from what; everywhere, and at this site where it has a rule of its own.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { stockBases } from '../../core/planning.ts'
import { read, write, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { chance, number } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './plan.module.css'

type Rule = RowOf<'listPlanningRules'>
const stockWords = { belief: 'What is believed to be there', record: 'What is recorded' } as const

export function PlanningRules({ site }: { readonly site: string }) {
  const may = useMay()
  const [editing, edit] = useState<Rule>()
  const query = useQuery<Answer<'listPlanningRules'>, Problem>({
    queryKey: ['planning-rules'],
    queryFn: ({ signal }) => read('/api/planning-rules', {}, signal),
    meta: live,
  })
  const button = (rule: Rule, text: string) => (
    <Button
      key="change"
      variant="default"
      size="compact-sm"
      onClick={() => edit(rule)}
      aria-label={`${text} the rule of ${rule.site ?? 'every site'}`}
    >
      {text}
    </Button>
  )
  return (
    <Panel title="By which rules" more={may('listBacktests') && <Link to="/backtests">Back-test other rules</Link>}>
      <Told query={query} rows={2}>
        {({ rows }) => {
          const shown = rows.filter((rule) => rule.site === null || rule.site === site)
          const own = shown.some((rule) => rule.site === site)
          return (
            <>
              <ShortTable
                label="Rules of planning"
                columns={['Where', 'Nothing is short with', 'Ordered every', 'Orders are made of', 'Change']}
                ends={5}
                rows={shown.map((rule) => ({
                  key: rule.site ?? '',
                  cells: [
                    rule.site ?? 'Every site',
                    chance(rule.serviceLevel),
                    `${number(rule.reviewDays)} days`,
                    stockWords[rule.stock],
                    may('setPlanningRule') ? button(rule, 'Change') : '',
                  ],
                }))}
              />
              {!own && site !== '' && may('setPlanningRule') && (
                <p className={styles['approve']}>{button({ ...shown[0]!, site }, `Give ${site} its own`)}</p>
              )}
            </>
          )
        }}
      </Told>
      {editing !== undefined && <Edit rule={editing} onClose={() => edit(undefined)} />}
    </Panel>
  )
}

type Body = Omit<Rule, 'site'> & { readonly site: string | null }

function Edit({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const set = useWrite<Body, Answer<'setPlanningRule'>>((body, key) => write('POST', '/api/planning-rules', { body, key }), { onDone: onClose })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    set.mutate({
      site: rule.site,
      serviceLevel: Number(typedIn(form, 'serviceLevel')) / 100,
      reviewDays: Number(typedIn(form, 'reviewDays')),
      stock: stockBases.find((one) => one === typedIn(form, 'stock')) ?? 'belief',
    })
  }
  return (
    <Dialog title={`How ${rule.site ?? 'every site'} is planned`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextInput
          name="serviceLevel"
          label="Nothing is short with, per cent"
          type="number"
          min={0.1}
          max={99.9}
          step={0.1}
          required
          defaultValue={Math.round(rule.serviceLevel * 1_000) / 10}
          data-autofocus
        />
        <TextInput
          name="reviewDays"
          label="Days from one order to the next"
          type="number"
          min={1}
          max={365}
          required
          defaultValue={rule.reviewDays}
        />
        <NativeSelect
          name="stock"
          label="Orders are made of"
          defaultValue={rule.stock}
          data={stockBases.map((value) => ({ value, label: stockWords[value] }))}
        />
        {set.error !== null && <ProblemBox problem={set.error} />}
        <p className={styles['soft']}>The next plan goes by it.</p>
        <div className={styles['buttons']}>
          <Button type="submit" loading={set.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
