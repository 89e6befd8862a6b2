// Shrinkage moves: what a figure of shrinkage is made of, newest first, each as it was entered; one that was entered in error is undone here.

import { getRouteApi } from '@tanstack/react-router'
import { read, type RowOf } from '../client.ts'
import { useSite } from '../site.ts'
import { day } from '../ui/format.ts'
import { List } from '../ui/list.tsx'
import { Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty } from '../ui/tell.tsx'
import { lossCauseWord, lossOriginWords } from '../ui/words.ts'
import { useDifferenceColumns } from './differences.tsx'
import type { MovesSearch } from './shrinkage-search.ts'

const route = getRouteApi('/shrinkage/moves')

export function ShrinkageMovesPage() {
  const site = useSite()
  const search = route.useSearch()
  const { from, to, cause, origin, sku, supplier, category } = search
  const asked = {
    ...(from && { from }),
    ...(to && { to }),
    ...(cause && { cause }),
    ...(origin && { origin }),
    ...(sku && { sku }),
    ...(supplier !== undefined && { supplier }),
    ...(category !== undefined && { category }),
  }
  const query = usePages<RowOf<'listShrinkageMoves'>>(
    ['differences', site, 'shrinkage', JSON.stringify(asked)],
    (page, signal) => read('/api/shrinkage/moves', { query: { site, ...asked, ...page } }, signal),
    site !== '',
  )
  return (
    <Page fills title="What shrinkage is made of" about={aboutOf(site, search)} back={{ to: '/shrinkage', text: 'Shrinkage' }}>
      <List
        name="shrinkage-moves"
        label="Moves that shrinkage is made of"
        columns={useDifferenceColumns(site, 'loss')}
        query={query}
        keyOf={(row) => String(row.sequence)}
        empty={<Empty title="No move is of this kind">What the value has besides was told later, by bills and receipts that came late.</Empty>}
      />
    </Page>
  )
}

function aboutOf(site: string, { from, to, cause, origin, sku, supplier, category }: MovesSearch): string {
  const parts = [
    cause === undefined ? undefined : lossCauseWord(cause),
    origin === undefined ? undefined : lossOriginWords[origin],
    sku,
    supplier === undefined ? undefined : supplier === '' ? 'items without a supplier' : `items of ${supplier}`,
    category === undefined ? undefined : category === '' ? 'items without a category' : category,
    from === undefined ? undefined : from === to ? day(from) : `from ${day(from)}`,
    to === undefined || from === to ? undefined : `through ${day(to)}`,
  ]
  return [`At ${site}`, ...parts.filter((one) => one !== undefined)].join(' · ')
}
