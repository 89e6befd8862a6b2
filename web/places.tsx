// Places: where goods stand at a site, in the order in which one walks, and how much stands there; new bins are added here.

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { placeKinds, type PlaceKind } from '../core/place.ts'
import { read, write, type RowOf } from './client.ts'
import documents from './flow/documents.module.css'
import { useMay } from './session.tsx'
import { useSite } from './site.ts'
import { Badge } from './ui/badge.tsx'
import { Dialog } from './ui/dialog.tsx'
import { typedIn } from './ui/form.ts'
import { number } from './ui/format.ts'
import { List, type Column } from './ui/list.tsx'
import { Page } from './ui/page.tsx'
import { usePages } from './ui/pages-of.ts'
import { Empty, ProblemBox } from './ui/tell.tsx'
import { useWrite } from './ui/use-write.ts'
import { placeKindWords } from './ui/words.ts'

type Row = RowOf<'listPlaces'>

export const KindBadge = ({ kind }: { readonly kind: PlaceKind }) => (
  <Badge tone={kind === 'dock' || kind === 'packing' ? 'busy' : placeKinds[kind] ? 'plain' : 'gone'}>{placeKindWords[kind]}</Badge>
)

const columns: readonly Column<Row>[] = [
  {
    id: 'code',
    header: 'Place',
    width: 'minmax(120px, 2fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/places/$code" params={{ code: row.code }} data-row>
        {row.code}
      </Link>
    ),
  },
  { id: 'kind', header: 'Kind', width: '132px', role: 'badge', cell: (row) => <KindBadge kind={row.kind} /> },
  { id: 'position', header: 'Aisle · rack · level', width: 'minmax(140px, 1fr)', cell: (row) => positionOf(row) },
  { id: 'items', header: 'Items', width: 'minmax(80px, 1fr)', end: true, cell: (row) => (row.items === 0 ? '' : number(row.items)) },
  { id: 'quantity', header: 'Pieces', width: 'minmax(80px, 1fr)', end: true, cell: (row) => (row.stockRows === 0 ? '' : number(row.quantity)) },
]

export const positionOf = ({ aisle, rack, level }: Pick<Row, 'aisle' | 'rack' | 'level'>): string =>
  aisle === null ? '' : `${aisle} · ${rack} · ${level}`

export function PlacesPage() {
  const site = useSite()
  const may = useMay()
  const [isAdding, setAdding] = useState(false)
  const query = usePages<Row>(['places', site], (page, signal) => read('/api/places', { query: { site, by: 'walk', ...page } }, signal), site !== '')
  return (
    <Page
      fills
      title="Places"
      about={`Of ${site}, in the order in which one walks`}
      actions={
        <>
          {may('putAway') && (
            <Button variant="default" renderRoot={(props) => <Link to="/places/$code" params={{ code: 'DOCK' }} {...props} />}>
              Put away
            </Button>
          )}
          {may('createPlaces') && <Button onClick={() => setAdding(true)}>Add a place</Button>}
        </>
      }
    >
      <List
        name="places"
        label="Places"
        columns={columns}
        query={query}
        keyOf={(row) => row.code}
        empty={<Empty title="No places">Every site begins with a dock, a shelf, packing and inspection.</Empty>}
      />
      {isAdding && <AddDialog site={site} onClose={() => setAdding(false)} />}
    </Page>
  )
}

interface NewPlace {
  readonly code: string
  readonly kind: PlaceKind
  readonly position: { readonly aisle: number; readonly rack: number; readonly level: number } | null
}

const kinds = Object.keys(placeKinds) as PlaceKind[]

function AddDialog({ site, onClose }: { readonly site: string; readonly onClose: () => void }) {
  const [fault, setFault] = useState<string>()
  const add = useWrite<NewPlace, unknown>((place, key) => write('POST', '/api/places', { body: { site, places: [place] }, key }), { onDone: onClose })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const text = (name: string): string => typedIn(event.currentTarget, name).trim()
    const [aisle, rack, level] = [text('aisle'), text('rack'), text('level')].map(Number) as [number, number, number]
    const told = [aisle, rack, level].filter((some) => some > 0).length
    if (told > 0 && told < 3) {
      setFault('Aisle, rack and level go together: without them the place is walked to last.')
      return
    }
    setFault(undefined)
    add.mutate({ code: text('code'), kind: kinds.find((one) => one === text('kind')) ?? 'bin', position: told === 3 ? { aisle, rack, level } : null })
  }
  return (
    <Dialog title={`Add a place: ${site}`} onClose={onClose}>
      <form onSubmit={submit} className={documents['form']}>
        <TextInput name="code" label="Code" placeholder="6-A-12" required maxLength={100} data-autofocus autoComplete="off" />
        <NativeSelect name="kind" label="Kind" defaultValue="bin" data={kinds.map((value) => ({ value, label: placeKindWords[value] }))} />
        <div className={documents['thirds']}>
          {(['Aisle', 'Rack', 'Level'] as const).map((label) => (
            <TextInput key={label} name={label.toLowerCase()} label={label} type="number" inputMode="numeric" min={1} />
          ))}
        </div>
        {fault !== undefined && <p role="alert">{fault}</p>}
        {add.error !== null && <ProblemBox problem={add.error} />}
        <div className={documents['buttons']}>
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
