// Into: a statement's rows go into the working copy's table of that name; statements whose promises are not awaited travel together.

import type { Rows, State } from '../../core/ledger.ts'
import type { Table } from '../../core/table.ts'
import { prepared, type Connection, type Statement } from '../db.ts'

export type Into = <Name extends keyof Rows>(name: Name, statement: Statement) => Promise<void>

export const loader =
  (tx: Connection, tables: State['tables']): Into =>
  async (name, statement) => {
    const rows = await tx.query<Rows[typeof name]>(prepared(statement))
    const table = tables[name] as Table<Rows[typeof name]>
    for (const row of rows) table.take(row)
  }
