// Count predicted: what was found on a sheet beside what had been believed when it was opened, item by item. It is kept with the sheet, so it never gets
// wiser than it was.

import { Link } from '@tanstack/react-router'
import type { Answer } from '../client.ts'
import { Badge } from '../ui/badge.tsx'
import { band, chance, number } from '../ui/format.ts'
import { Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { signedNumber } from './differences.tsx'
import styles from './loop.module.css'

type Sheet = Answer<'getCountSheet'>
type Predicted = NonNullable<Sheet['predicted']>[number]

export function FoundAgainstPredicted({ predicted }: Pick<Sheet, 'predicted'>) {
  const told = predicted?.filter((one) => one.believed !== null) ?? []
  if (told.length === 0) return null
  const counted = told.flatMap((one) => one.against ?? [])
  const inBand = counted.filter((one) => one.isInBand).length
  return (
    <Panel title="Found against predicted">
      <ShortTable
        label="Found against predicted"
        columns={['Item', 'Recorded then', 'Believed then', 'None with', 'Moved since', 'Predicted', 'Counted', 'Was it so']}
        ends={1}
        rows={told.map(rowOf)}
      />
      <p className={styles['about']}>
        {counted.length > 0 && `${number(inBand)} of ${number(counted.length)} lay where they were believed to lie with 90 %. `}
        Believed as the sheet was opened, of the whole site; predicted is that after what came and went until it was counted.
      </p>
    </Panel>
  )
}

const rowOf = ({ sku, name, drawn, recorded, isPart, believed, counted, against }: Predicted) => ({
  key: sku,
  cells: [
    <span key="item" className={styles['named']}>
      <Link to="/items/$sku" params={{ sku }}>
        {sku}
      </Link>{' '}
      <span className={styles['soft']}>{name}</span> {drawn && <Badge tone="busy">By chance</Badge>}
    </span>,
    number(recorded),
    believed === null ? '' : band(believed),
    believed === null ? '' : chance(believed.empty),
    against === null ? '' : signedNumber(against.moved),
    against === null ? '' : band(against),
    counted === null ? '' : number(counted),
    against === null ? (
      'Not counted'
    ) : (
      <Badge key="verdict" tone={against.isInBand ? 'good' : 'short'}>
        {against.isInBand ? 'As believed' : 'Otherwise'}
      </Badge>
    ),
  ],
  ...(isPart && { more: 'Some of it stands where the sheet did not look; that is taken to be as recorded.' }),
})
