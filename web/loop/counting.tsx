// Counting: a count sheet in the hand of who counts. One scans where one stands and what is there, and says how many; nothing tells what to expect, and what is
// entered is kept on the device until the server has it, so that no dead corner of a cellar loses a count.

import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay, useSession } from '../session.tsx'
import { useSite } from '../site.ts'
import { number, shortId } from '../ui/format.ts'
import { AwaitedPage, Page, Panel } from '../ui/page.tsx'
import { Empty } from '../ui/tell.tsx'
import { CountedSoFar, Questions } from './counted.tsx'
import { lastOf, positionOf, waiting } from './count-queue.ts'
import { goodsOf, QuantityForm, ScanForm, type Goods } from './count-entry.tsx'
import { SheetBadge } from './count-sheets.tsx'
import styles from './counting.module.css'
import { useCounted, type CountedHere } from './use-counted.ts'

type Sheet = Answer<'getCountSheet'>
type Line = Sheet['lines'][number]

const route = getRouteApi('/count-sheets/$id/count')

export function CountingPage() {
  const { id } = route.useParams()
  const site = useSite()
  const query = useQuery<Sheet, Problem>({
    queryKey: ['count-sheet', site, id],
    queryFn: ({ signal }) => read('/api/count-sheets/{id}', { params: { id }, query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const back = { to: '/count-sheets/$id', params: { id }, text: `Count sheet ${shortId(id)}` } as const
  return query.data === undefined ? (
    <AwaitedPage query={query} title="Count" back={back} />
  ) : (
    <Counting key={`${site} ${id}`} sheet={query.data} site={site} back={back} />
  )
}

interface CountingProps {
  readonly sheet: Sheet
  readonly site: string
  readonly back: { readonly to: '/count-sheets/$id'; readonly params: { readonly id: string }; readonly text: string }
}

function Counting({ sheet, site, back }: CountingProps) {
  const { user } = useSession()
  const may = useMay()
  const here = useCounted(user.name, site, sheet.id)
  const isOpen = sheet.state === 'open' || sheet.state === 'recount'
  const onTheWay = new Set(waiting(here.queue).map(positionOf))
  const toCount = sheet.lines.filter((line) => line.isToCount && !onTheWay.has(positionOf(line)))
  return (
    <Page
      title={sheet.note === '' ? 'Count' : sheet.note}
      badge={<SheetBadge state={sheet.state} />}
      back={back}
      about={isOpen ? `${number(toCount.length)} of ${number(sheet.positions)} to count` : undefined}
    >
      <div className={styles['walk']}>
        <OnTheWay {...here} />
        {isOpen && may('enterCounts') ? (
          <Walk sheet={sheet} toCount={toCount} here={here} />
        ) : (
          <Empty title={isOpen ? 'Your role enters no counts' : 'Nothing more is counted here'} action={<BackToSheet id={sheet.id} />}>
            {isOpen ? 'Somebody of the warehouse does.' : 'The sheet takes no more counts.'}
          </Empty>
        )}
        <CountedSoFar queue={here.queue} nameOf={(sku) => sheet.lines.find((line) => line.sku === sku)?.name ?? ''} />
      </div>
    </Page>
  )
}

const BackToSheet = ({ id }: { readonly id: string }) => (
  <Link to="/count-sheets/$id" params={{ id }}>
    See the sheet
  </Link>
)

/** What is still on this device, and why. */
function OnTheWay({ queue, problem }: CountedHere) {
  const count = waiting(queue).length
  if (count === 0) return null
  const why =
    problem === undefined ? 'on the way' : problem.code === 'offline' ? 'kept on this device, and sent when the server is reached' : problem.message
  return (
    <p role="status" className={styles['told']} data-tone={problem === undefined ? 'busy' : 'short'}>
      {`${number(count)} ${count === 1 ? 'count is' : 'counts are'} ${why}.`}
    </p>
  )
}

interface WalkProps {
  readonly sheet: Sheet
  readonly toCount: readonly Line[]
  readonly here: CountedHere
}

function Walk({ sheet, toCount, here }: WalkProps) {
  const [place, setPlace] = useState('')
  const [goods, setGoods] = useState<Goods>()
  const begin = (chosen: Goods): void => {
    setPlace(chosen.place)
    setGoods(chosen)
  }
  if (goods !== undefined)
    return (
      <QuantityForm
        key={positionOf(goods)}
        goods={goods}
        before={lastOf(here.queue, goods)}
        onBack={() => setGoods(undefined)}
        onCounted={(counted) => {
          here.add({ ...counted, countedAt: new Date().toISOString(), isSure: false, isRecount: false })
          setGoods(undefined)
        }}
      />
    )
  return (
    <>
      <Questions here={here} onAgain={begin} nameOf={(sku) => sheet.lines.find((line) => line.sku === sku)?.name ?? ''} />
      <ScanForm lines={sheet.lines} place={place} onPlace={setPlace} onGoods={begin} />
      <ToCount lines={toCount} place={place} onChoose={(line) => begin(goodsOf(line))} />
    </>
  )
}

const LISTED_MAX = 50

/** In the order of a walk through the site; what is at the place where one stands first. */
function ToCount({ lines, place, onChoose }: { readonly lines: readonly Line[]; readonly place: string; readonly onChoose: (line: Line) => void }) {
  if (lines.length === 0) return <Empty title="All of the sheet is counted">What else is found can be scanned all the same.</Empty>
  const sorted = [...lines.filter((line) => line.place === place), ...lines.filter((line) => line.place !== place)]
  return (
    <Panel title={`To count: ${number(lines.length)}`}>
      <ol className={styles['list']}>
        {sorted.slice(0, LISTED_MAX).map((line) => (
          <li key={line.line}>
            <button type="button" onClick={() => onChoose(line)}>
              <strong>{line.place}</strong>
              <span>
                {line.sku}
                <span className={styles['soft']}>{` ${line.name}`}</span>
                {line.lot + line.serial !== '' && (
                  <span className={styles['label']}>{line.lot === '' ? `Serial ${line.serial}` : `Lot ${line.lot}`}</span>
                )}
              </span>
              {line.round > 1 && <span className={styles['again']}>Again</span>}
            </button>
          </li>
        ))}
      </ol>
      {sorted.length > LISTED_MAX && <p className={styles['soft']}>{`And ${number(sorted.length - LISTED_MAX)} more.`}</p>}
    </Panel>
  )
}
