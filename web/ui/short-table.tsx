// Short table: a few rows that belong to one thing. On a phone each row is a card whose values carry their headers.

import type { ReactNode } from 'react'
import styles from './short-table.module.css'

export interface ShortTableProps {
  readonly label: string
  readonly columns: readonly string[]
  /** From this column on, figures stand at the end. */
  readonly ends: number
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[]; readonly more?: ReactNode }[]
}

export function ShortTable({ label, columns, ends, rows }: ShortTableProps) {
  const place = (index: number): string => (index >= ends ? styles['end']! : '')
  return (
    <div className={styles['scroller']} role="group" aria-label={label} tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" className={place(index)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        {rows.map(({ key, cells, more }) => (
          <tbody key={key}>
            <tr>
              {cells.map((cell, index) => (
                <td key={columns[index]} className={place(index)} data-label={columns[index]} {...(cell === '' ? { 'data-empty': '' } : {})}>
                  {cell}
                </td>
              ))}
            </tr>
            {more !== undefined && (
              <tr className={styles['more']}>
                <td colSpan={columns.length}>{more}</td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
    </div>
  )
}
