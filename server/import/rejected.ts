// Rejected: the bad rows of a file, written beside it with their reasons, to be mended and read in again: the columns are those of the file,
// three more say what was wrong. The file is read a second time, so that nothing of it had to be remembered.

import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { csvLine, unguarded } from '../../core/format/csv.ts'
import { sql, type Connection } from '../db.ts'
import { rowsOf, type BrokenRow, type Row } from './rows.ts'
import { kinds, type Kind } from './staging.ts'

export interface FaultRow {
  readonly kind: Kind
  readonly row: number
  readonly column: string
  readonly code: string
  readonly detail: string
}

const FAULTS_PAGE_ROWS = 5_000
const reasons = ['fault_code', 'fault_column', 'fault_detail']

/** Writes `file.rejected.csv` and returns its name. */
export async function writeRejected(session: Connection, kind: Kind, file: string): Promise<string> {
  const name = `${file}.rejected.csv`
  const out = createWriteStream(name)
  const write = (line: string): Promise<void> | undefined =>
    out.write(`${line}\r\n`) ? undefined : new Promise((resolve) => void out.once('drain', resolve))
  // Opening may fail, e.g. in a folder that cannot be written to: then waiting for the end tells so.
  const done = finished(out)
  const faults = faultsByRow(session, kind)
  let fault = (await faults.next()).value
  let first = true
  for await (const rows of rowsOf(file)) {
    for (const one of rows) {
      if (first) await write(csvLine([...fieldsOf(one).filter((field) => !reasons.includes(field)), ...reasons]))
      else if (fault?.row === one.row) await write(csvLine([...fieldsOf(one), fault.code, fault.column, fault.detail]))
      first = false
      while (fault !== undefined && fault.row <= one.row) fault = (await faults.next()).value
    }
  }
  out.end()
  await done
  return name
}

/** What is not a row stands in the first column, as it was. */
const fieldsOf = (one: Row | BrokenRow): readonly string[] =>
  'broken' in one ? [one.broken.replace(/\r?\n$/, '')] : one.fields.map((field) => unguarded(field.replaceAll('\0', '\ufffd')))

async function* faultsByRow(session: Connection, kind: Kind): AsyncGenerator<FaultRow, undefined> {
  let after = 0
  for (;;) {
    const rows = await session.query<FaultRow>(sql`
      select kind, row, string_agg(distinct column_name, ' ') as "column", min(code) as code, string_agg(detail, ' ') as detail
      from import_fault where kind = ${kind} and row > ${after} group by kind, row order by row limit ${FAULTS_PAGE_ROWS}`)
    yield* rows
    if (rows.length < FAULTS_PAGE_ROWS) return undefined
    after = rows.at(-1)!.row
  }
}

/** The first faults in the order of the files, and how many there are in all. */
export async function faultsIn(session: Connection, limit: number): Promise<{ readonly faults: readonly FaultRow[]; readonly count: number }> {
  const [faults, counted] = await Promise.all([
    session.query<FaultRow>(sql`
      select kind, row, column_name as "column", code, detail from import_fault
      order by array_position(${[...kinds]}::text[], kind), row, column_name limit ${limit}`),
    session.query<{ count: number }>(sql`select count(*) as count from import_fault`),
  ])
  return { faults, count: counted[0]!.count }
}
