// Items: everything that can be sold, bought or made, by SKU or by words of its name.

import { NativeSelect } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { read, type RowOf } from './client.ts'
import { useCategories } from './item-category.tsx'
import { money } from './ui/format.ts'
import { List, type Column } from './ui/list.tsx'
import { Filters, Page } from './ui/page.tsx'
import { usePages } from './ui/pages-of.ts'
import { SearchField } from './ui/search-field.tsx'
import { Empty } from './ui/tell.tsx'
import { sentence } from './ui/words.ts'

type Row = RowOf<'listItems'>

const columns: readonly Column<Row>[] = [
  {
    id: 'sku',
    header: 'SKU',
    width: 'minmax(130px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/items/$sku" params={{ sku: row.sku }} data-row>
        {row.sku}
      </Link>
    ),
  },
  { id: 'name', header: 'Name', width: 'minmax(180px, 3fr)', role: 'wide', cell: (row) => row.name },
  { id: 'category', header: 'Category', width: 'minmax(110px, 1fr)', cell: (row) => row.category ?? '' },
  { id: 'unit', header: 'Unit', width: '70px', cell: (row) => row.unit },
  { id: 'tracking', header: 'Tracked by', width: '100px', cell: (row) => (row.tracking === 'none' ? '' : sentence(row.tracking)) },
  { id: 'cost', header: 'Standard cost', width: 'minmax(110px, 1fr)', end: true, cell: (row) => money(row.standardCost) },
  { id: 'price', header: 'List price', width: 'minmax(110px, 1fr)', end: true, cell: (row) => (row.listPrice === 0 ? '' : money(row.listPrice)) },
]

const route = getRouteApi('/items')

export function ItemsPage() {
  const { search, category } = route.useSearch()
  const navigate = route.useNavigate()
  const query = usePages<Row>(['items', search, category], (page, signal) =>
    read('/api/items', { query: { ...page, ...(search ? { search } : {}), ...(category !== undefined && { category }) } }, signal),
  )
  return (
    <Page fills title="Items">
      <Filters>
        <SearchField value={search ?? ''} onSearch={(wanted) => void navigate({ search: (before) => searched(before, wanted), replace: true })} />
        <OfCategory category={category} />
      </Filters>
      <List
        name="items"
        label="Items"
        columns={columns}
        query={query}
        keyOf={(row) => row.sku}
        empty={
          search === undefined && category === undefined ? (
            <Empty title="No items yet" action={<a href="/api/docs">How the API takes them</a>}>
              Import them with <code>qm import</code>, or add them over the API.
            </Empty>
          ) : (
            <Empty title={search === undefined ? 'No item is of this category' : `Nothing is called “${search}”`}>
              A SKU is found by its beginning, a name by the beginnings of its words.
            </Empty>
          )
        }
      />
    </Page>
  )
}

const [ANY, NONE] = ['*', '-']

/** A category of the company may be called anything but nothing; so what stands for any and for none is told by its place. */
function OfCategory({ category }: { readonly category: string | undefined }) {
  const navigate = route.useNavigate()
  const known = useCategories().data?.rows ?? []
  if (known.length === 0) return null
  const choose = (chosen: string): void =>
    void navigate({
      search: ({ category: _before, ...others }) => (chosen === ANY ? others : { ...others, category: chosen === NONE ? '' : chosen.slice(1) }),
      replace: true,
    })
  return (
    <NativeSelect
      label="Category"
      value={category === undefined ? ANY : category === '' ? NONE : `=${category}`}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[
        { value: ANY, label: 'Any' },
        ...known.map((row) => ({ value: `=${row.category}`, label: `${row.category} (${row.items})` })),
        { value: NONE, label: 'None' },
      ]}
    />
  )
}

const searched = <Search extends { readonly search?: string }>({ search: _before, ...others }: Search, wanted: string) =>
  wanted === '' ? others : { ...others, search: wanted }
