// Record accuracy: how right a site's record is, from counts of what chance drew, with intervals that say how little so few counts tell; and by the month.

import { useQuery } from '@tanstack/react-query'
import { read, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { chance, number, share as perMillionText } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Empty, Told } from '../ui/tell.tsx'
import styles from './count-list.module.css'

type Accuracy = Answer<'getRecordAccuracy'>
type Figures = Pick<Accuracy, 'items' | 'exact' | 'within' | 'units' | 'value'>

export function HowRight({ site }: { readonly site: string }) {
  const query = useQuery<Accuracy, Problem>({
    queryKey: ['record-accuracy', site],
    queryFn: ({ signal }) => read('/api/record-accuracy', { query: { site } }, signal),
    enabled: site !== '',
    meta: live,
  })
  return (
    <Panel title={`How right the record is at ${site}`}>
      <Told query={query} rows={3}>
        {(told) =>
          told.items === 0 ? (
            <Empty title="Nothing that chance drew was counted yet">
              Sheets that are made of the count list tell it once they are posted: what people choose to count is what they doubt, and says little of
              the rest.
            </Empty>
          ) : (
            <Table told={told} />
          )
        }
      </Told>
    </Panel>
  )
}

function Table({ told }: { readonly told: Accuracy }) {
  return (
    <>
      <ShortTable
        label="How right the record is"
        columns={['Month', 'Items', 'Exactly right', `Within ${perMillionText(told.tolerancePerMillion)}`, 'Of units', 'Of value']}
        ends={1}
        rows={[
          { key: 'all', cells: [<strong key="all">The last year</strong>, ...cellsOf(told)] },
          ...told.over.toReversed().map((row) => ({ key: row.from, cells: [row.from.slice(0, 7), ...cellsOf(row)] })),
        ]}
      />
      <p className={styles['soft']}>
        Of items that chance drew, with intervals of 95 %. Units and value: what is not off, of all that is recorded.
        {told.leftOut > 0 && ` ${number(told.leftOut)} that were drawn were not counted wholly and are left out.`}
      </p>
    </>
  )
}

const cellsOf = ({ items, exact, within, units, value }: Figures) => [
  number(items),
  ...[exact, within, units, value].map((one, index) => <Share key={index} of={one} />),
]

function Share({ of }: { readonly of: Figures['exact'] }) {
  if (of === null) return <>—</>
  const { share, low, high } = of
  return (
    <span className={styles['share']}>
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <rect x={0} y={4} width={100} height={4} className={styles['trough']} />
        <rect x={low * 100} y={2} width={(high - low) * 100} height={8} className={styles['reach']} />
        <rect x={Math.min(98, share * 100)} y={0} width={2} height={12} className={styles['mark']} />
      </svg>
      <span>
        {chance(share)} <span className={styles['soft']}>{`${chance(low)} to ${chance(high)}`}</span>
      </span>
    </span>
  )
}
