// List: a table of any length. It asks for the next page when its end comes near and draws only the rows that are seen, so the millionth row costs
// what the first did. Rows are a grid with the roles of a table, since a browser's own table cannot draw a part of itself.

import { Button, Checkbox, Menu } from '@mantine/core'
import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Menu.css'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable, type ColumnVisibilityState } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Problem } from '../client.ts'
import { number } from './format.ts'
import { Icon } from './icons.tsx'
import styles from './list.module.css'
import { Loading, ProblemBox } from './tell.tsx'

export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** A track of the grid, e.g. `minmax(120px, 2fr)`. */
  readonly width: string
  readonly end?: true
  /** What it is on a phone's card: what names the row, what says its state, or a line of its own; else a value with its header before it. */
  readonly role?: 'title' | 'badge' | 'wide'
}

interface Paged<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

export interface ListProps<Row extends object> {
  /** Under which the choice of columns is remembered. */
  readonly name: string
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly query: UseInfiniteQueryResult<InfiniteData<Paged<Row>>, Problem>
  readonly keyOf: (row: Row) => string
  readonly empty: ReactNode
}

const ROW_PIXELS = 41
const CARD_PIXELS = 96
const COLUMN_PIXELS_MIN = 92
const ROWS_AHEAD = 30
const EMPTY_PAGES_MAX = 20
const features = tableFeatures({ columnVisibilityFeature })

export function List<Row extends object>({ name, label, columns, query, keyOf, empty }: ListProps<Row>) {
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data])
  const { table, visibility, toggle } = useColumns(name, columns, rows, keyOf)
  const search = useFurther(query)
  const shown = columns.filter((column) => visibility[column.id] !== false)
  if (query.error !== null && rows.length === 0) return <ProblemBox problem={query.error} retry={() => void query.refetch()} />
  if (query.data !== undefined && rows.length === 0 && !query.hasNextPage) return <div className={styles['panel']}>{empty}</div>
  return (
    <div className={styles['panel']}>
      {query.data === undefined ? (
        <Loading rows={12} />
      ) : (
        <Rows label={label} columns={shown} rows={table.getRowModel().rows} query={query} isTired={search.isTired} />
      )}
      <div className={styles['foot']}>
        <span role="status">{footText(rows.length, query)}</span>
        {search.isTired && (
          <Button variant="default" size="compact-sm" onClick={search.further}>
            Look further back
          </Button>
        )}
        <Menu position="top-end" closeOnItemClick={false}>
          <Menu.Target>
            <Button variant="subtle" color="gray" size="compact-sm" leftSection={<Icon name="columns" size={15} />}>
              Columns
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {columns.slice(1).map((column) => (
              <Menu.Item key={column.id} role="menuitemcheckbox" aria-checked={visibility[column.id] !== false} onClick={() => toggle(column.id)}>
                <Checkbox.Indicator size="xs" checked={visibility[column.id] !== false} mr={8} />
                {column.header}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  )
}

/** A filter that fits little may bring one empty page after the other: after so many it asks whether to go on. */
function useFurther<Row extends object>({ data, hasNextPage, fetchNextPage }: ListProps<Row>['query']) {
  const [asked, setAsked] = useState(0)
  const pages = data?.pages ?? []
  const empty = pages.length - 1 - pages.findLastIndex((page) => page.rows.length > 0)
  const further = (): void => {
    setAsked(empty)
    void fetchNextPage()
  }
  return { isTired: hasNextPage && empty - asked >= EMPTY_PAGES_MAX, further }
}

function footText(count: number, query: { readonly hasNextPage: boolean; readonly isFetching: boolean; readonly error: Error | null }): string {
  if (query.error !== null) return `${number(count)} shown; the rest could not be loaded: ${query.error.message}`
  const whole = query.hasNextPage
    ? count === 0
      ? 'None among the newest; looking further back'
      : `${number(count)} loaded, more below`
    : `${number(count)} in all`
  return query.isFetching && count > 0 ? `${whole} · updating` : whole
}

function useColumns<Row extends object>(name: string, columns: readonly Column<Row>[], rows: Row[], keyOf: (row: Row) => string) {
  const remembered = `quartermaster.columns.${name}`
  const [visibility, setVisibility] = useState<ColumnVisibilityState>(
    () => JSON.parse(localStorage.getItem(remembered) ?? '{}') as ColumnVisibilityState,
  )
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>()
    return helper.columns(columns.map(({ id, header, cell }) => helper.display({ id, header, cell: ({ row }) => cell(row.original) })))
  }, [columns])
  const table = useTable({ features, columns: definitions, data: rows, getRowId: keyOf, state: { columnVisibility: visibility } })
  const toggle = (id: string): void => {
    const next = { ...visibility, [id]: visibility[id] === false }
    localStorage.setItem(remembered, JSON.stringify(next))
    setVisibility(next)
  }
  return { table, visibility, toggle }
}

interface RowsProps<Row extends object> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly { readonly id: string; readonly original: Row }[]
  readonly query: ListProps<Row>['query']
  readonly isTired: boolean
}

function Rows<Row extends object>({ label, columns, rows, query, isTired }: RowsProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const phone = window.matchMedia('(max-width: 700px)').matches
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (phone ? CARD_PIXELS : ROW_PIXELS),
    getItemKey: (index) => rows[index]!.id,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  const { hasNextPage, isFetching, error, fetchNextPage } = query
  const pages = query.data?.pages.length
  useEffect(() => {
    if (hasNextPage && !isTired && !isFetching && error === null && last >= rows.length - ROWS_AHEAD) void fetchNextPage()
  }, [hasNextPage, isTired, isFetching, error, last, rows.length, pages, fetchNextPage])
  const style = {
    '--columns': columns.map((column) => column.width).join(' '),
    '--width-min': `${columns.length * COLUMN_PIXELS_MIN}px`,
  } as React.CSSProperties
  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      {...(query.isPlaceholderData ? { 'data-old': '' } : {})}
      style={style}
      tabIndex={0}
      role="table"
      aria-label={label}
      aria-rowcount={hasNextPage ? -1 : rows.length + 1}
    >
      <div role="rowgroup">
        <div role="row" className={styles['head']} aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column.id} role="columnheader" className={column.end && styles['end']}>
              {column.header}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={styles['rows']} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            role="row"
            aria-rowindex={item.index + 2}
            className={styles['row']}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {columns.map((column) => (
              <Cell key={column.id} column={column} row={rows[item.index]!.original} />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const content = column.cell(row)
  const isEmpty = content === null || content === ''
  return (
    <div
      role="cell"
      className={`${styles['cell']} ${column.end ? styles['end'] : ''}`}
      data-label={column.header}
      {...(column.role ? { 'data-role': column.role } : {})}
      {...(isEmpty ? { 'data-empty': '' } : {})}
    >
      {content}
    </div>
  )
}
