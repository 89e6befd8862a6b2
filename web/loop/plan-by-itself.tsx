// By itself: the hour of the night at which a plan is made, and which of its orders are placed then without a person.

import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/InlineInput.css'
import { Button, Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { orderSources } from '../../core/planning.ts'
import { read, write, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { tickedIn, typedIn } from '../ui/form.ts'
import { instant } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { ConditionFields, conditionsIn, conditionWords, kinds, type Conditions } from './plan-conditions.tsx'
import styles from './plan.module.css'

type Schedule = Answer<'getPlan'>['schedule']
type Rule = RowOf<'listApprovalRules'>

export function PlanByItself({ site, schedule }: { readonly site: string; readonly schedule: Schedule }) {
  const may = useMay()
  const [editsHour, editHour] = useState(false)
  const [editing, edit] = useState<string | null>()
  const query = useQuery<Answer<'listApprovalRules'>, Problem>({
    queryKey: ['approval-rules'],
    queryFn: ({ signal }) => read('/api/approval-rules', {}, signal),
    meta: live,
  })
  return (
    <Panel title="By itself">
      <p className={styles['approve']}>
        <span>{schedule.next === null ? 'A plan is made when somebody asks for one.' : `The next plan is made ${instant(schedule.next)}.`}</span>
        {may('setPlanSchedule') && (
          <Button variant="default" size="compact-sm" onClick={() => editHour(true)}>
            {schedule.planAt === null ? 'Plan every night' : `At ${schedule.planAt}, ${schedule.timeZone}: change`}
          </Button>
        )}
      </p>
      <Told query={query} rows={1}>
        {({ rows }) => <Rules site={site} rows={rows} onEdit={edit} />}
      </Told>
      {editsHour && <EditHour schedule={schedule} onClose={() => editHour(false)} />}
      {editing !== undefined && (
        <EditRule site={editing} rule={query.data?.rows.find((one) => one.site === editing)} onClose={() => edit(undefined)} />
      )}
    </Panel>
  )
}

interface RulesProps {
  readonly site: string
  readonly rows: readonly Rule[]
  readonly onEdit: (site: string | null) => void
}

function Rules({ site, rows, onEdit }: RulesProps) {
  const may = useMay()
  const end = useWrite<string | null, Answer<'endApprovalRule'>>((of, key) =>
    write('POST', '/api/approval-rules/ending', { body: { site: of }, key }),
  )
  const shown = rows.filter((rule) => rule.site === null || rule.site === site)
  const button = (of: string | null, text: string) => (
    <Button variant="default" size="compact-sm" onClick={() => onEdit(of)} aria-label={`${text} for ${of ?? 'every site'}`}>
      {text}
    </Button>
  )
  return (
    <>
      {shown.length === 0 ? (
        <p className={styles['soft']}>People approve every order.</p>
      ) : (
        <ShortTable
          label="Placed by themselves"
          columns={['Where', 'Placed by themselves, right after a plan', 'Change']}
          ends={3}
          rows={shown.map((rule) => ({
            key: rule.site ?? '',
            cells: [
              rule.site ?? 'Every site',
              conditionWords(rule),
              may('setApprovalRule') ? (
                <span key="change" className={styles['name']}>
                  {button(rule.site, 'Change')}
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={end.isPending}
                    onClick={() => end.mutate(rule.site)}
                    aria-label={`End it for ${rule.site ?? 'every site'}`}
                  >
                    End it
                  </Button>
                </span>
              ) : (
                ''
              ),
            ],
          }))}
        />
      )}
      {end.error !== null && <ProblemBox problem={end.error} />}
      {may('setApprovalRule') && (
        <p className={styles['approve']}>
          {!shown.some((rule) => rule.site === null) && button(null, 'Let every site order by itself')}
          {site !== '' && !shown.some((rule) => rule.site === site) && button(site, `Let ${site} order by itself`)}
        </p>
      )}
    </>
  )
}

const NIGHT = '02:00'

function EditHour({ schedule, onClose }: { readonly schedule: Schedule; readonly onClose: () => void }) {
  const set = useWrite<{ readonly planAt: string | null; readonly timeZone: string }, Answer<'setPlanSchedule'>>(
    (body, key) => write('POST', '/api/plan/schedule', { body, key }),
    { onDone: onClose },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    set.mutate({ planAt: typedIn(event.currentTarget, 'planAt'), timeZone: typedIn(event.currentTarget, 'timeZone') })
  }
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Dialog title="A plan every night" onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextInput name="planAt" label="At" type="time" required defaultValue={schedule.planAt ?? NIGHT} data-autofocus />
        <TextInput
          name="timeZone"
          label="On the clocks of"
          description="A time zone, as Europe/Zurich"
          required
          defaultValue={schedule.planAt === null ? here : schedule.timeZone}
        />
        {set.error !== null && <ProblemBox problem={set.error} />}
        <p className={styles['soft']}>A server that did not run at that time makes it as soon as it does.</p>
        <div className={styles['buttons']}>
          {schedule.planAt !== null && (
            <Button variant="default" loading={set.isPending} onClick={() => set.mutate({ planAt: null, timeZone: schedule.timeZone })}>
              No plan by itself
            </Button>
          )}
          <Button type="submit" loading={set.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function EditRule({ site, rule, onClose }: { readonly site: string | null; readonly rule: Rule | undefined; readonly onClose: () => void }) {
  const set = useWrite<Conditions, Answer<'setApprovalRule'>>(
    (conditions, key) => write('POST', '/api/approval-rules', { body: { site, ...conditions }, key }),
    { onDone: onClose },
  )
  const [isNothing, toldNothing] = useState(false)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const ticked = tickedIn(event.currentTarget, 'from')
    const from = orderSources.filter((one) => ticked.includes(one))
    // None of them would say all of them.
    toldNothing(from.length === 0)
    if (from.length > 0) set.mutate(conditionsIn(event.currentTarget, from.length === orderSources.length ? [] : from))
  }
  return (
    <Dialog title={`What ${site ?? 'every site'} orders by itself`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        {orderSources.map((one) => (
          <Checkbox
            key={one}
            name="from"
            value={one}
            label={kinds[one]}
            defaultChecked={rule === undefined || rule.from.length === 0 || rule.from.includes(one)}
          />
        ))}
        {isNothing && <p role="alert">Tick at least one; to order nothing by itself, end the rule.</p>}
        <ConditionFields shown={rule} />
        {set.error !== null && <ProblemBox problem={set.error} />}
        <p className={styles['soft']}>It places orders right after the next plan is done; the audit names it as plan rule.</p>
        <div className={styles['buttons']}>
          <Button type="submit" loading={set.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
