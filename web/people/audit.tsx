// Audit: who did what and when, and how it was answered, newest first. What it is narrowed to stands in the address, and each row leads to what it
// was about.

import { Button, Checkbox, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.css'
import { getRouteApi, Link } from '@tanstack/react-router'
import { read, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { useSite } from '../site.ts'
import { findActors, type Find } from '../ui/find.ts'
import { instant } from '../ui/format.ts'
import { List, type Column } from '../ui/list.tsx'
import { Lookup } from '../ui/lookup.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { SearchField } from '../ui/search-field.tsx'
import { Empty } from '../ui/tell.tsx'
import { commandWord } from '../ui/command-words.ts'
import type { AuditSearch } from './audit-search.ts'
import { DocumentLink, Outcome } from './audited.tsx'
import styles from './people.module.css'

type Row = RowOf<'listAudit'>

const columns: readonly Column<Row>[] = [
  { id: 'what', header: 'What', width: 'minmax(150px, 1fr)', role: 'title', cell: (row) => commandWord(row.action) },
  { id: 'outcome', header: 'Answer', width: '104px', role: 'badge', cell: (row) => <Outcome row={row} /> },
  { id: 'at', header: 'When', width: '160px', cell: (row) => instant(row.at) },
  {
    id: 'actor',
    header: 'Who',
    width: 'minmax(120px, 1fr)',
    cell: (row) => (
      <Link to="/audit" search={(before) => ({ ...before, actor: row.actor })} title={row.actor}>
        {row.actorName ?? row.actor}
      </Link>
    ),
  },
  {
    id: 'document',
    header: 'About',
    width: 'minmax(140px, 1.2fr)',
    cell: (row) => (row.document === null ? '' : <DocumentLink document={row.document} />),
  },
  { id: 'site', header: 'Site', width: '80px', cell: (row) => row.site ?? 'All' },
  { id: 'words', header: 'In words', width: 'minmax(240px, 4fr)', role: 'wide', cell: (row) => detailOf(row) },
]

/** Why it was refused. */
const detailOf = ({ status, answer }: Row): string => (status < 300 ? '' : ((answer as { detail?: string }).detail ?? ''))

const route = getRouteApi('/audit')
const nobody: Find = async () => []

type Narrow = (change: { readonly [Key in keyof AuditSearch]: AuditSearch[Key] | undefined }) => void

export function AuditPage() {
  const site = useSite()
  const { actor, document, from, until, here } = route.useSearch()
  const navigate = route.useNavigate()
  const asked = {
    ...(actor === undefined ? {} : { actor }),
    ...(document === undefined ? {} : { document }),
    ...(from === undefined ? {} : { from: instantAt(from, '00:00:00.000') }),
    ...(until === undefined ? {} : { until: instantAt(until, '23:59:59.999') }),
    ...(here ? { site } : {}),
  }
  const query = usePages<Row>(['audit', asked], (page, signal) => read('/api/audit', { query: { ...page, ...asked } }, signal))
  const narrow: Narrow = (change) => void navigate({ search: (before) => without({ ...before, ...change }), replace: true })
  const showAll =
    Object.keys(asked).length === 0
      ? undefined
      : (): void => narrow({ actor: undefined, document: undefined, from: undefined, until: undefined, here: undefined })
  return (
    <Page fills title="Audit trail" about="Who did what and when, and how it was answered: every write, sign-in and sign-out, refused ones too">
      <AuditFilters site={site} onNarrow={narrow} onAll={showAll} />
      <List
        name="audit"
        label="Audit trail"
        columns={columns}
        query={query}
        keyOf={(row) => [row.site, row.actor, row.key].join(' ')}
        empty={
          showAll === undefined ? (
            <Empty title="Nothing was done">What people and machines do stands here at once.</Empty>
          ) : (
            <Empty
              title="Nothing was done"
              action={
                <Button variant="default" onClick={showAll}>
                  Show all
                </Button>
              }
            >
              Nothing of this kind, by these people and in these days.
            </Empty>
          )
        }
      />
    </Page>
  )
}

interface FiltersProps {
  readonly site: string
  readonly onNarrow: Narrow
  /** Undefined where everything is shown already. */
  readonly onAll: (() => void) | undefined
}

function AuditFilters({ site, onNarrow, onAll }: FiltersProps) {
  const may = useMay()
  const { actor, document, from, until, here } = route.useSearch()
  return (
    <Filters>
      <Lookup
        label="Who"
        placeholder="Anyone"
        name="actors"
        value={actor ?? ''}
        find={may('listUsers') && may('listKeys') ? findActors : nobody}
        onChoose={(code) => onNarrow({ actor: code || undefined })}
      />
      <SearchField
        label="About"
        placeholder="Order, id or name"
        value={document ?? ''}
        onSearch={(wanted) => onNarrow({ document: wanted || undefined })}
      />
      <TextInput type="date" label="From" value={from ?? ''} onChange={(event) => onNarrow({ from: event.currentTarget.value || undefined })} />
      <TextInput type="date" label="Until" value={until ?? ''} onChange={(event) => onNarrow({ until: event.currentTarget.value || undefined })} />
      <Checkbox
        className={styles['here']}
        label={`Only ${site}`}
        checked={here === true}
        onChange={(event) => onNarrow({ here: event.currentTarget.checked || undefined })}
      />
      {onAll && (
        <Button variant="subtle" color="gray" onClick={onAll}>
          Show all
        </Button>
      )}
    </Filters>
  )
}

/** A day of the reader's own calendar as an instant. */
const instantAt = (day: string, time: string): string => {
  const at = new Date(`${day}T${time}`)
  return Number.isNaN(at.getTime()) ? day : at.toISOString()
}

const without = <Search extends object>(search: Search): AuditSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as AuditSearch
