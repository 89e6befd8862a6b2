// Place: what stands at one place, and where it goes next: from the dock to the bin that is suggested, or from anywhere to anywhere. What is spoken
// for goes along with the goods.

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type Problem, type RowOf } from './client.ts'
import documents from './flow/documents.module.css'
import { live } from './live.ts'
import { KindBadge, positionOf } from './places.tsx'
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
import { sentence } from './ui/words.ts'

type Place = RowOf<'listPlaces'>
type Piece = RowOf<'listStock'>

const columnsWith = (onMove: ((piece: Piece) => void) | undefined, isDock: boolean): readonly Column<Piece>[] => [
  {
    id: 'sku',
    header: 'SKU',
    width: 'minmax(130px, 1fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/items/$sku" params={{ sku: row.sku }}>
        {row.sku}
      </Link>
    ),
  },
  {
    id: 'condition',
    header: 'Condition',
    width: '112px',
    role: 'badge',
    cell: (row) => <Badge tone={row.condition === 'sellable' ? 'good' : 'short'}>{sentence(row.condition)}</Badge>,
  },
  { id: 'name', header: 'Name', width: 'minmax(150px, 2fr)', role: 'wide', cell: (row) => row.name },
  { id: 'lot', header: 'Lot', width: 'minmax(80px, 1fr)', cell: (row) => row.lot },
  { id: 'serial', header: 'Serial', width: 'minmax(80px, 1fr)', cell: (row) => row.serial },
  { id: 'package', header: 'Package', width: 'minmax(80px, 1fr)', cell: (row) => row.package },
  { id: 'quantity', header: 'Quantity', width: '84px', end: true, cell: (row) => number(row.quantity) },
  { id: 'allocated', header: 'In picking', width: '84px', end: true, cell: (row) => (row.allocated === 0 ? '' : number(row.allocated)) },
  ...(onMove === undefined
    ? []
    : [
        {
          id: 'move',
          header: 'What to do',
          width: '116px',
          role: 'wide',
          cell: (row: Piece) => (
            <Button variant="default" size="xs" aria-label={`${isDock ? 'Put away' : 'Move'} ${row.sku}`} onClick={() => onMove(row)}>
              {isDock ? 'Put away' : 'Move'}
            </Button>
          ),
        } as const,
      ]),
]

const route = getRouteApi('/places/$code')

export function PlacePage() {
  const { code } = route.useParams()
  const site = useSite()
  const may = useMay()
  const [moving, setMoving] = useState<Piece>()
  const found = useQuery<Answer<'listPlaces'>, Problem>({
    queryKey: ['place', site, code],
    queryFn: ({ signal }) => read('/api/places', { query: { site, code } }, signal),
    enabled: site !== '',
    meta: live,
  })
  const query = usePages<Piece>(
    ['stock', site, 'at', code],
    (page, signal) => read('/api/stock', { query: { site, place: code, ...page } }, signal),
    site !== '',
  )
  const place: Place | undefined = found.data?.rows[0]
  const back = { to: '/places', text: 'Places' } as const
  if (found.data !== undefined && place === undefined) {
    return (
      <Page title={code} back={back}>
        <Empty title={`${site} has no place ${code}`}>A code is written as it was given, capital letters and all.</Empty>
      </Page>
    )
  }
  const isDock = place?.kind === 'dock'
  const mayMove = place !== undefined && place.kind !== 'packing' && may(isDock ? 'putAway' : 'relocate')
  return (
    <Page
      fills
      title={code}
      badge={place && <KindBadge kind={place.kind} />}
      back={back}
      {...(place && positionOf(place) !== '' ? { about: `Aisle ${place.aisle}, rack ${place.rack}, level ${place.level}` } : {})}
      actions={
        may('count') && (
          <Button variant="default" renderRoot={(props) => <Link to="/counts" search={(before) => ({ ...before, place: code })} {...props} />}>
            Count here
          </Button>
        )
      }
    >
      {found.error !== null && <ProblemBox problem={found.error} retry={() => void found.refetch()} />}
      <List
        name="place"
        label={`What stands at ${code}`}
        columns={columnsWith(mayMove ? setMoving : undefined, isDock)}
        query={query}
        keyOf={(row) => [row.sku, row.condition, row.lot, row.serial, row.package].join('|')}
        empty={
          <Empty title={isDock ? 'Everything is put away' : 'Nothing stands here'}>
            {isDock ? 'What is received stands here until it has its bin.' : 'Goods come here from the dock, or from another place.'}
          </Empty>
        }
      />
      {moving !== undefined && place !== undefined && (
        <MoveDialog key={moving.sku} site={site} place={place} piece={moving} onClose={() => setMoving(undefined)} />
      )}
    </Page>
  )
}

interface MoveDialogProps {
  readonly site: string
  readonly place: Place
  readonly piece: Piece
  readonly onClose: () => void
}

function MoveDialog({ site, place, piece, onClose }: MoveDialogProps) {
  const may = useMay()
  const isDock = place.kind === 'dock'
  const word = isDock ? 'Put away' : 'Move'
  const suggestion = useQuery<Answer<'suggestBin'>, Problem>({
    queryKey: ['bin', site, piece.sku],
    queryFn: ({ signal }) => read('/api/bin-suggestions', { query: { site, sku: piece.sku } }, signal),
    enabled: isDock && may('suggestBin'),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
  const [typed, setTyped] = useState<string>()
  const to = typed ?? suggestion.data?.place ?? ''
  const move = useWrite<{ readonly quantity: number; readonly to: string }, unknown>(
    (what, key) => {
      const { sku, lot, serial, condition } = piece
      const body = { site, sku, lot, serial, condition, from: place.code, ...what }
      return isDock ? write('POST', '/api/putaways', { body, key }) : write('POST', '/api/relocations', { body, key })
    },
    { onDone: onClose },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    move.mutate({ quantity: Number(typedIn(event.currentTarget, 'quantity')), to: to.trim() })
  }
  return (
    <Dialog title={`${word}: ${piece.sku}`} onClose={onClose}>
      <form onSubmit={submit} className={documents['form']}>
        <p>
          {piece.name}
          <span className={documents['name']}>
            {[piece.lot && `Lot ${piece.lot}`, piece.serial && `Serial ${piece.serial}`, `${number(piece.quantity)} stand at ${place.code}`]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </p>
        <TextInput
          label="To"
          size="md"
          value={to}
          required
          data-autofocus
          autoComplete="off"
          placeholder={suggestion.isFetching ? 'Looking for a bin …' : 'Type or scan a place'}
          description={aboutBin(suggestion)}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
        />
        <TextInput
          name="quantity"
          label="Quantity"
          size="md"
          type="number"
          inputMode="numeric"
          min={1}
          max={piece.quantity}
          defaultValue={piece.quantity}
          required
        />
        {move.error !== null && <ProblemBox problem={move.error} />}
        <div className={documents['buttons']}>
          <Button type="submit" size="md" loading={move.isPending}>
            {word}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function aboutBin({ data, error }: { readonly data: Answer<'suggestBin'> | undefined; readonly error: Problem | null }): string | undefined {
  if (data !== undefined) return data.reason === 'same_item' ? `The item stands at ${data.place} already` : `${data.place} is the nearest empty bin`
  return error?.message
}
