// Count sheet: one sheet for who looks at what was found: each position as it was recorded at the instant it was counted, beside what was counted, and what comes
// next: compared and posted, counted again, or approved by somebody who counted none of it.

import { Button, Checkbox, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { Actions, type Asking } from '../ui/actions.tsx'
import { Badge } from '../ui/badge.tsx'
import { typedIn } from '../ui/form.ts'
import { instant, money, number, share, shortId } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Done, Empty } from '../ui/tell.tsx'
import { countKindWords, countVerdictWords } from '../ui/words.ts'
import { FoundAgainstPredicted } from './count-predicted.tsx'
import { SheetBadge } from './count-sheets.tsx'
import { signedMoney, signedNumber } from './differences.tsx'
import styles from './loop.module.css'

type Sheet = Answer<'getCountSheet'>
type Line = Sheet['lines'][number]

const actions = { cancel: 'cancelCountSheet', close: 'closeCountSheet', approve: 'approveCountSheet' } as const satisfies Record<string, EndpointName>
type Action = keyof typeof actions
const words: Readonly<Record<Action, string>> = { cancel: 'Cancel the sheet', close: 'Compare and post', approve: 'Approve and post' }

interface Act {
  readonly action: Action
  readonly leavesUncounted: boolean
  readonly reason: string
}

const route = getRouteApi('/count-sheets/$id')
const back = { to: '/count-sheets', text: 'Count sheets' } as const

export function CountSheetPage() {
  const { id } = route.useParams()
  const site = useSite()
  const may = useMay()
  const query = useQuery<Sheet, Problem>({
    queryKey: ['count-sheet', site, id],
    queryFn: ({ signal }) => read('/api/count-sheets/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const [told, setTold] = useState<string>()
  const sheet = query.data
  if (sheet === undefined) return <AwaitedPage query={query} title={`Count sheet ${shortId(id)}`} back={back} />
  const isOpen = sheet.state === 'open' || sheet.state === 'recount'
  return (
    <Page
      title={sheet.note === '' ? `Count sheet ${shortId(id)}` : sheet.note}
      badge={<SheetBadge state={sheet.state} />}
      back={back}
      actions={
        <>
          <SheetActions sheet={sheet} site={site} onTold={setTold} />
          {isOpen && may('enterCounts') && (
            <Button component={Link} to={`/count-sheets/${id}/count`}>
              Count
            </Button>
          )}
        </>
      }
    >
      {told !== undefined && <Done>{told}</Done>}
      <Facts facts={factsOf(sheet)} />
      <Panel title="Positions">
        {sheet.lines.length === 0 ? (
          <Empty title="Nothing is listed">What is found is scanned, and stands here then.</Empty>
        ) : (
          <ShortTable
            label="Positions of the sheet"
            columns={['Place', 'Item', 'Lot or serial', 'Comes to', 'Recorded', 'Counted', 'Off by', 'Value']}
            ends={4}
            rows={sheet.lines.map(rowOf)}
          />
        )}
      </Panel>
      <FoundAgainstPredicted predicted={sheet.predicted} />
    </Page>
  )
}

function factsOf({ kind, isBlind, openedAt, openedBy, approvedBy, postedAt, positions, toCount, tolerance, accuracy, reason }: Sheet) {
  const limits = [
    tolerance.units === null ? '' : `${number(tolerance.units)} pieces`,
    tolerance.perMillion === null ? '' : share(tolerance.perMillion),
    tolerance.value === null ? '' : money(tolerance.value),
  ].filter((part) => part !== '')
  return [
    ['Kind', `${countKindWords[kind]}${isBlind ? ', blind' : ''}`],
    ['Opened', `${instant(openedAt)} by ${openedBy}`],
    ['To count', `${number(toCount)} of ${number(positions)}`],
    ['Tolerance', limits.length === 0 ? 'Only exact counts' : limits.join(' and ')],
    ...(approvedBy === null ? [] : ([['Approved by', approvedBy]] as const)),
    ...(postedAt === null ? [] : ([['Posted', instant(postedAt)]] as const)),
    ...(accuracy === null
      ? []
      : ([
          ['Record was right', `${share(accuracy.withinPerMillion)} of ${number(accuracy.positions)}`],
          ['Off by', `${number(accuracy.unitsOff)} ${accuracy.unitsOff === 1 ? 'piece' : 'pieces'}, ${money(accuracy.valueOff)}`],
        ] as const)),
    ...(reason === null || reason === '' ? [] : ([['Cancelled since', reason]] as const)),
  ] as const
}

/** What is not to be seen is null, and stands as a dash. */
const seen = (some: number | null, format: (some: number) => string): string => (some === null ? '—' : format(some))

const rowOf = (line: Line) => ({
  key: String(line.line),
  cells: [
    line.place,
    <span key="item" className={styles['named']}>
      <Link to="/items/$sku" params={{ sku: line.sku }}>
        {line.sku}
      </Link>{' '}
      <span className={styles['soft']}>{line.name}</span>
    </span>,
    line.lot + line.serial,
    verdictOf(line),
    seen(line.recorded, number),
    seen(line.counted, number),
    seen(line.difference, signedNumber),
    seen(line.value, signedMoney),
  ],
  ...(line.entries.length === 0 ? {} : { more: line.entries.map(entryText).join(' · ') + undoneText(line) }),
})

function verdictOf(line: Line): ReactNode {
  if (line.isToCount) return <Badge tone={line.round > 1 ? 'short' : 'plain'}>{line.round > 1 ? 'Count again' : 'To count'}</Badge>
  if (line.verdict === null) return line.isFind ? 'Found' : ''
  const { word, tone } = countVerdictWords[line.verdict]
  return <Badge tone={tone}>{word}</Badge>
}

const entryText = ({ counter, counted, countedAt, part, round, isAbsurd }: Line['entries'][number]): string =>
  `${counter}: ${number(counted)}${part === '' ? '' : ` (${part})`}${round > 1 ? ', again' : ''}${isAbsurd ? ', though asked whether sure' : ''}, ${instant(countedAt)}`

const undoneText = ({ undone }: Line): string => (undone === null || undone === 0 ? '' : ` · ${signedNumber(undone)} was told later`)

interface SheetActionsProps {
  readonly sheet: Sheet
  readonly site: string
  readonly onTold: (text: string) => void
}

const mayNow: Readonly<Record<Action, readonly Sheet['state'][]>> = {
  cancel: ['open', 'recount', 'counted'],
  close: ['open', 'recount'],
  approve: ['counted'],
}

function SheetActions({ sheet, site, onTold }: SheetActionsProps) {
  const may = useMay()
  return (
    <Actions<Action, Act>
      actions={(Object.keys(actions) as Action[]).filter((action) => mayNow[action].includes(sheet.state) && may(actions[action]))}
      words={words}
      main={['approve']}
      of={sheet.note === '' ? `sheet ${shortId(sheet.id)}` : sheet.note}
      send={async (act, key) => onTold(toldOf(await send(sheet.id, site, act, key)))}
      atOnce={(action) =>
        action === 'approve' || (action === 'close' && sheet.toCount === 0) ? { action, leavesUncounted: false, reason: '' } : undefined
      }
      form={(action, asking) => (action === 'cancel' ? <CancelForm {...asking} /> : <CloseForm toCount={sheet.toCount} {...asking} />)}
    />
  )
}

function send(id: string, site: string, { action, leavesUncounted, reason }: Act, key: string): Promise<Readonly<Record<string, unknown>>> {
  const params = { id }
  switch (action) {
    case 'close':
      return write('POST', '/api/count-sheets/{id}/closing', { params, body: { site, leavesUncounted }, key })
    case 'approve':
      return write('POST', '/api/count-sheets/{id}/approval', { params, body: { site }, key })
    case 'cancel':
      return write('POST', '/api/count-sheets/{id}/cancellation', { params, body: { site, reason }, key })
    default:
      return action satisfies never
  }
}

function toldOf({ state, toRecount, toApprove }: Readonly<Record<string, unknown>>): string {
  if (state === 'posted') return 'What was counted is posted.'
  if (state === 'cancelled') return 'The sheet is cancelled; nothing of it is posted.'
  if (state === 'counted')
    return `${number(Number(toApprove))} further off than the tolerance wait to be approved by somebody who counted none of it.`
  return `${number((toRecount as readonly number[] | undefined)?.length ?? 0)} further off than the tolerance are to be counted again.`
}

function CloseForm({ toCount, isBusy, onAct, children }: Asking<Act> & { readonly toCount: number }) {
  const [leaves, setLeaves] = useState(false)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onAct({ action: 'close', leavesUncounted: leaves, reason: '' })
  }
  return (
    <form onSubmit={submit} className={styles['asked']}>
      <p>{`${number(toCount)} ${toCount === 1 ? 'position is' : 'positions are'} still to be counted.`}</p>
      <Checkbox
        label="Leave them as they are recorded"
        checked={leaves}
        onChange={(event) => setLeaves(event.currentTarget.checked)}
        data-autofocus
      />
      {children}
      <div className={styles['buttons']}>
        <Button type="submit" loading={isBusy} disabled={!leaves}>
          {words.close}
        </Button>
      </div>
    </form>
  )
}

function CancelForm({ isBusy, onAct, children }: Asking<Act>) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onAct({ action: 'cancel', leavesUncounted: false, reason: typedIn(event.currentTarget, 'reason').trim() })
  }
  return (
    <form onSubmit={submit} className={styles['asked']}>
      <TextInput name="reason" label="Why" autoComplete="off" maxLength={500} data-autofocus />
      {children}
      <div className={styles['buttons']}>
        <Button type="submit" color="red" loading={isBusy}>
          {words.cancel}
        </Button>
      </div>
    </form>
  )
}
