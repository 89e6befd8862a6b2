// Terms: what suppliers, and sites of ours that supply others, ask of each order: the least that it is worth, and a full load.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { money, number } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import styles from './plan.module.css'

type Terms = RowOf<'listSourceTerms'>
const froms = { supplier: 'A supplier', site: 'A site of ours' } as const
const MILLIGRAMS = 1_000_000
const MINOR = 100
const none: Omit<Terms, 'name'> = { from: 'supplier', code: '', least: 0, loadUnits: null, loadWeight: null }

export function SourceTerms() {
  const may = useMay()
  const [editing, edit] = useState<Omit<Terms, 'name'>>()
  const query = useQuery<Answer<'listSourceTerms'>, Problem>({
    queryKey: ['source-terms'],
    queryFn: ({ signal }) => read('/api/source-terms', {}, signal),
    meta: live,
  })
  return (
    <Panel title="What suppliers ask of an order">
      <Told query={query} rows={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nobody asks for a least order or a full load">
              An order below its supplier's least is raised by what is needed next, or waits; a load that is nearly full is filled.
            </Empty>
          ) : (
            <ShortTable
              label="What suppliers ask of an order"
              columns={['From', 'Least order', 'Full load', 'Change']}
              ends={4}
              rows={rows.map((row) => ({
                key: `${row.from} ${row.code}`,
                cells: [
                  <span key="from" className={styles['named']}>
                    {row.code} <span className={styles['soft']}>{row.name}</span>
                  </span>,
                  row.least === 0 ? 'Any' : money(row.least),
                  loadOf(row),
                  may('setSourceTerms') ? (
                    <Button key="change" variant="default" size="compact-sm" onClick={() => edit(row)} aria-label={`Change what ${row.code} asks`}>
                      Change
                    </Button>
                  ) : (
                    ''
                  ),
                ],
              }))}
            />
          )
        }
      </Told>
      {may('setSourceTerms') && (
        <p className={styles['approve']}>
          <Button variant="default" size="compact-sm" onClick={() => edit(none)}>
            Say what a supplier asks
          </Button>
        </p>
      )}
      {editing !== undefined && <Edit terms={editing} onClose={() => edit(undefined)} />}
    </Panel>
  )
}

const kilograms = (milligrams: number): string => String(milligrams / MILLIGRAMS)

function loadOf({ loadUnits, loadWeight }: Terms): string {
  const parts = [...(loadUnits === null ? [] : [`${number(loadUnits)} pieces`]), ...(loadWeight === null ? [] : [`${kilograms(loadWeight)} kg`])]
  return parts.length === 0 ? 'Any' : parts.join(' or ')
}

interface Body {
  readonly terms: (Omit<Terms, 'name'> & object)[]
}

function Edit({ terms, onClose }: { readonly terms: Omit<Terms, 'name'>; readonly onClose: () => void }) {
  const isNew = terms.code === ''
  const set = useWrite<Body, Answer<'setSourceTerms'>>((body, key) => write('POST', '/api/source-terms', { body, key }), { onDone: onClose })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const whole = (name: string, factor: number): number | null => {
      const typed = typedIn(form, name)
      return typed === '' ? null : Math.round(Number(typed) * factor)
    }
    const named = isNew ? { from: typedIn(form, 'from') === 'site' ? ('site' as const) : ('supplier' as const), code: typedIn(form, 'code') } : terms
    const { from, code } = named
    set.mutate({
      terms: [{ from, code, least: whole('least', MINOR) ?? 0, loadUnits: whole('loadUnits', 1), loadWeight: whole('loadWeight', MILLIGRAMS) }],
    })
  }
  return (
    <Dialog title={isNew ? 'What a supplier asks of an order' : `What ${terms.code} asks of an order`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        {isNew && (
          <>
            <NativeSelect name="from" label="Who" data={Object.entries(froms).map(([value, label]) => ({ value, label }))} />
            <TextInput name="code" label="Code" required data-autofocus />
          </>
        )}
        <TextInput
          name="least"
          label="Least order, its worth"
          description="An order below it is raised by what is needed next, or waits; 0 for any"
          type="number"
          min={0}
          step={0.01}
          required
          defaultValue={terms.least / MINOR}
        />
        <TextInput name="loadUnits" label="Pieces of a full load" type="number" min={1} step={1} defaultValue={terms.loadUnits ?? ''} />
        <TextInput
          name="loadWeight"
          label="Kilograms of a full load"
          type="number"
          min={0.001}
          step="any"
          defaultValue={terms.loadWeight === null ? '' : kilograms(terms.loadWeight)}
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
