// Sourcing: by which rule the orders of a site are given to sites that serve them. What is typed is told back as a sentence before it is saved.

import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { sourcingInWords, type Preference } from '../../core/sourcing.ts'
import { read, write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite, useSites } from '../site.ts'
import { Icon } from '../ui/icons.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Done, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { preferenceWords } from '../ui/words.ts'
import styles from './sourcing.module.css'

type Sourcing = Answer<'getSourcing'>

interface Lane {
  readonly id: number
  readonly from: string
  readonly cost: string
  readonly transitDays: string
  readonly keepPercent: string
}

interface Draft {
  readonly prefers: Preference
  readonly sourcesMax: string
  readonly splitsLines: boolean
  readonly ownCost: string
  readonly lanes: readonly Lane[]
}

const SOURCES_MAX = 4

export function SourcingPage() {
  const site = useSite()
  const query = useQuery<Sourcing, Problem>({
    queryKey: ['sourcing', site],
    queryFn: ({ signal }) => read('/api/sourcing', { query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Page title="Sourcing" about={`From where the orders of ${site} are served`}>
      <Told query={query} rows={5}>
        {(sourcing) => <Rule key={`${sourcing.site} ${sourcing.tag ?? ''}`} sourcing={sourcing} />}
      </Told>
    </Page>
  )
}

const draftOf = ({ prefers, sourcesMax, splitsLines, ownCost, lanes }: Sourcing): Draft => ({
  prefers,
  sourcesMax: String(sourcesMax),
  splitsLines,
  ownCost: amountText(ownCost),
  lanes: lanes.map(({ from, cost, transitDays, keepPercent }, index) => ({
    id: index + 1,
    from,
    cost: amountText(cost),
    transitDays: String(transitDays),
    keepPercent: String(keepPercent),
  })),
})

const amountText = (minor: number): string => (minor / 100).toFixed(2)
/** What is no amount goes as it is, and is refused by its field. */
const minorOf = (text: string): number => Math.round(Number(text.replace(',', '.')) * 100)

function Rule({ sourcing }: { readonly sourcing: Sourcing }) {
  const { site } = sourcing
  const may = useMay()('setSourcing')
  const [draft, setDraft] = useState(() => draftOf(sourcing))
  const change = (some: Partial<Draft>): void => setDraft((before) => ({ ...before, ...some }))
  const save = useWrite<Draft, Answer<'setSourcing'>>((content, key) =>
    write('POST', '/api/sourcing', { body: { ...bodyOf(site, content), ...(sourcing.tag === null ? {} : { ifMatch: sourcing.tag }) }, key }),
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    save.mutate(draft)
  }
  const { prefers, splitsLines } = draft
  const words =
    draft.lanes.length === 0 ? `${site} serves its orders itself` : sourcingInWords({ prefers, splitsLines, sourcesMax: Number(draft.sourcesMax) })
  return (
    <form onSubmit={submit} className={styles['form']} noValidate>
      <Panel title="The rule">
        <p className={styles['words']} aria-live="polite">
          {words}.
        </p>
        <fieldset disabled={!may} className={styles['fields']}>
          <legend className={styles['reader']}>The rule</legend>
          <NativeSelect
            label="What decides first"
            value={prefers}
            data={Object.entries(preferenceWords).map(([value, label]) => ({ value, label }))}
            onChange={(event) => change({ prefers: event.currentTarget.value as Preference })}
          />
          <NativeSelect
            label="Sites an order, at most"
            value={draft.sourcesMax}
            data={Array.from({ length: SOURCES_MAX }, (_none, index) => String(index + 1))}
            onChange={(event) => change({ sourcesMax: event.currentTarget.value })}
          />
          <TextInput
            label={`Cost of an order from ${site}`}
            inputMode="decimal"
            value={draft.ownCost}
            onChange={(event) => change({ ownCost: event.currentTarget.value })}
          />
          <Checkbox
            className={styles['check']}
            label="One line may come from several sites"
            checked={splitsLines}
            onChange={(event) => change({ splitsLines: event.currentTarget.checked })}
          />
        </fieldset>
      </Panel>
      <Lanes site={site} lanes={draft.lanes} may={may} problem={save.error} onChange={(lanes) => change({ lanes })} />
      {save.error !== null && <ProblemBox problem={save.error} />}
      {save.isSuccess && <Done>Saved. New orders follow it within ten seconds; those that stand stay as they are.</Done>}
      {may && (
        <div className={styles['end']}>
          <Button type="submit" loading={save.isPending}>
            Save the rule
          </Button>
        </div>
      )}
    </form>
  )
}

const bodyOf = (site: string, { prefers, sourcesMax, splitsLines, ownCost, lanes }: Draft) => ({
  site,
  prefers,
  splitsLines,
  sourcesMax: Number(sourcesMax),
  ownCost: minorOf(ownCost),
  lanes: lanes.map(({ from, cost, transitDays, keepPercent }) => ({
    from,
    cost: minorOf(cost),
    transitDays: Number(transitDays),
    keepPercent: Number(keepPercent),
  })),
})

interface LanesProps {
  readonly site: string
  readonly lanes: readonly Lane[]
  readonly may: boolean
  readonly problem: Problem | null
  readonly onChange: (lanes: readonly Lane[]) => void
}

function Lanes({ site, lanes, may, problem, onChange }: LanesProps) {
  const { data: sites = [] } = useSites()
  const others = sites.filter((one) => one.code !== site)
  const left = others.filter((one) => !lanes.some((lane) => lane.from === one.code))
  const add = (): void =>
    onChange([
      ...lanes,
      { id: Math.max(0, ...lanes.map((lane) => lane.id)) + 1, from: left[0]!.code, cost: '0.00', transitDays: '1', keepPercent: '0' },
    ])
  const faultOf = (index: number, name: string): string | undefined => {
    const field = `lanes/${index + 1}/${name}`
    return problem?.errors.find((one) => one.field === field)?.detail ?? (problem?.field === field ? problem.message : undefined)
  }
  return (
    <Panel title="Other sites that may serve">
      {lanes.length === 0 && <p className={styles['soft']}>None: what {site} lacks waits there, until it is bought, made or transferred.</p>}
      <ol className={styles['lanes']}>
        {lanes.map((lane, index) => (
          <LaneFields
            key={lane.id}
            lane={lane}
            at={index + 1}
            others={others}
            may={may}
            faultOf={(name) => faultOf(index, name)}
            onChange={(some) => onChange(lanes.map((one) => (one.id === lane.id ? { ...one, ...some } : one)))}
            onRemove={() => onChange(lanes.filter((one) => one.id !== lane.id))}
          />
        ))}
      </ol>
      {may && (
        <Button variant="default" leftSection={<Icon name="add" size={16} />} onClick={add} disabled={left.length === 0}>
          Add a site
        </Button>
      )}
    </Panel>
  )
}

interface LaneFieldsProps {
  readonly lane: Lane
  readonly at: number
  readonly others: readonly { readonly code: string; readonly name: string }[]
  readonly may: boolean
  readonly faultOf: (name: string) => string | undefined
  readonly onChange: (some: Partial<Lane>) => void
  readonly onRemove: () => void
}

function LaneFields({ lane, at, others, may, faultOf, onChange, onRemove }: LaneFieldsProps) {
  return (
    <li aria-label={`Site ${at}`}>
      <fieldset disabled={!may} className={styles['lane']}>
        <legend className={styles['reader']}>{lane.from}</legend>
        <NativeSelect
          label="Site"
          value={lane.from}
          error={faultOf('from')}
          data={siteChoices(lane.from, others)}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          label="Cost of an order"
          inputMode="decimal"
          value={lane.cost}
          error={faultOf('cost')}
          onChange={(event) => onChange({ cost: event.currentTarget.value })}
        />
        <TextInput
          label="Days away"
          type="number"
          min={0}
          value={lane.transitDays}
          error={faultOf('transitDays')}
          onChange={(event) => onChange({ transitDays: event.currentTarget.value })}
        />
        <TextInput
          label="Keeps, %"
          type="number"
          min={0}
          max={100}
          value={lane.keepPercent}
          error={faultOf('keepPercent')}
          onChange={(event) => onChange({ keepPercent: event.currentTarget.value })}
        />
        {may && (
          <Button variant="subtle" color="gray" className={styles['remove']} aria-label={`Remove ${lane.from}`} onClick={onRemove}>
            <Icon name="remove" size={16} />
          </Button>
        )}
      </fieldset>
    </li>
  )
}

/** A site of the rule that one may not see is still one of the rule. */
function siteChoices(from: string, sites: readonly { readonly code: string; readonly name: string }[]) {
  const known = sites.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))
  return known.some((one) => one.value === from) ? known : [{ value: from, label: from }, ...known]
}
