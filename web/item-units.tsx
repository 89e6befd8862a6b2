// Item units: in what an item is counted besides its base unit. Units are added and changed here by who may; documents that stand keep theirs.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { roundings, type Rounding } from '../core/unit.ts'
import { read, write, type Answer, type Problem, type RowOf } from './client.ts'
import documents from './flow/documents.module.css'
import { useMay } from './session.tsx'
import { Dialog } from './ui/dialog.tsx'
import { typedIn } from './ui/form.ts'
import { Panel } from './ui/page.tsx'
import { ShortTable } from './ui/short-table.tsx'
import { Empty, ProblemBox, Told } from './ui/tell.tsx'
import { useWrite } from './ui/use-write.ts'
import { roundingWords } from './ui/words.ts'

type Unit = RowOf<'listUnits'>

/** So many rows say all units of an item. */
const UNITS_MAX = 100

export const useUnits = (sku: string) =>
  useQuery<Answer<'listUnits'>, Problem>({
    queryKey: ['item', sku, 'units'],
    queryFn: ({ signal }) => read('/api/units', { query: { sku, limit: UNITS_MAX } }, signal),
    enabled: sku !== '',
  })

export function Units({ sku, base }: { readonly sku: string; readonly base: string }) {
  const may = useMay()
  const query = useUnits(sku)
  const [edited, setEdited] = useState<Unit | 'new'>()
  return (
    <Panel
      title="Units"
      {...(may('setUnits') && {
        more: (
          <Button variant="default" size="xs" onClick={() => setEdited('new')}>
            Add a unit
          </Button>
        ),
      })}
    >
      <Told query={query} rows={1}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={`It is counted in ${base} only`}>
              A case or a pallet of it can be a unit too, and be ordered, bought and received by its name.
            </Empty>
          ) : (
            <ShortTable
              label="Units"
              columns={['Unit', 'One is', 'In base units', 'What is not whole', 'Change']}
              ends={4}
              rows={rows.map((row) => ({
                key: `${row.unit} ${row.of}`,
                cells: [
                  row.unit,
                  `${row.factor} ${row.of}`,
                  `${row.each} ${row.base}`,
                  roundingWords[row.rounding],
                  may('setUnits') ? (
                    <Button key="change" variant="subtle" size="compact-sm" aria-label={`Change ${row.unit}`} onClick={() => setEdited(row)}>
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
      {edited !== undefined && (
        <UnitDialog sku={sku} base={base} before={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Panel>
  )
}

interface UnitDialogProps {
  readonly sku: string
  readonly base: string
  readonly before: Unit | undefined
  readonly onClose: () => void
}

type Sent = Pick<Unit, 'unit' | 'of' | 'factor' | 'rounding'>

function UnitDialog({ sku, base, before, onClose }: UnitDialogProps) {
  const queries = useQueryClient()
  const onDone = (): void => {
    void queries.invalidateQueries({ queryKey: ['item', sku, 'units'] })
    onClose()
  }
  const set = useWrite<Sent, unknown>(
    (unit, key) => write('POST', '/api/units', { body: { units: [{ sku, ...unit, ...(before && { ifMatch: before.tag }) }] }, key }),
    { onDone },
  )
  const remove = useWrite<string, unknown>((unit, key) => write('POST', '/api/units/removal', { body: { units: [{ sku, unit }] }, key }), { onDone })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const rounding = roundings.find((one) => one === text('rounding')) ?? 'exact'
    set.mutate({ unit: before?.unit ?? text('unit'), of: before?.of ?? text('of'), factor: text('factor').replace(',', '.'), rounding })
  }
  const problem = set.error ?? remove.error
  return (
    <Dialog title={before === undefined ? `Add a unit: ${sku}` : `${before.unit} of ${sku}`} onClose={onClose}>
      <form onSubmit={submit} className={documents['form']}>
        <UnitFields base={base} before={before} />
        {problem !== null && <ProblemBox problem={problem} />}
        <div className={documents['buttons']}>
          {before !== undefined && (
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(before.unit)}>
              Remove
            </Button>
          )}
          <Button type="submit" loading={set.isPending}>
            {before === undefined ? 'Add' : 'Change'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function UnitFields({ base, before }: Pick<UnitDialogProps, 'base' | 'before'>) {
  return (
    <>
      <TextInput
        name="unit"
        label="Unit"
        placeholder="case"
        required
        maxLength={100}
        disabled={before !== undefined}
        defaultValue={before?.unit}
        autoComplete="off"
      />
      <div className={documents['pair']}>
        <TextInput
          name="factor"
          label="One of it is"
          placeholder="12 or 200/3"
          required
          maxLength={40}
          defaultValue={before?.factor}
          autoComplete="off"
        />
        <TextInput
          name="of"
          label="Of"
          required
          maxLength={100}
          disabled={before !== undefined}
          defaultValue={before?.of ?? base}
          autoComplete="off"
        />
      </div>
      <NativeSelect
        name="rounding"
        label={`What is no whole number of ${base}`}
        defaultValue={before?.rounding ?? 'exact'}
        data={roundings.map((value: Rounding) => ({ value, label: roundingWords[value] }))}
      />
    </>
  )
}
