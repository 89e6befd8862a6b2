// Rows: a CSV file as a stream of rows, in memory that does not grow with it. Takes a byte order mark, CRLF and LF, and quotes with commas,
// quotes and line ends in them.
//
// A row that is not well formed must not take its neighbours along: the file is parsed in pieces that end where a row ends, and a piece
// with a fault in it is parsed again row by row, going on at the next line behind the bad one. Row 1 is the header, as in a spreadsheet.

import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse/sync'

export interface Row {
  readonly row: number
  readonly fields: readonly string[]
}

/** Lines that are not a row, as they stand in the file. */
export interface BrokenRow {
  readonly row: number
  readonly broken: string
  readonly detail: string
}

const PIECE_BYTES = 262_144
/** A row is at most so long; where a quote is never closed, this is how far it is looked for. */
export const ROW_CHARACTERS_MAX = 1_000_000

export async function* rowsOf(file: string): AsyncGenerator<readonly (Row | BrokenRow)[]> {
  let rest = ''
  let row = 0
  for await (const text of textOf(file)) {
    rest += text
    const end = lastRowEnd(rest)
    if (end === 0 && rest.length <= ROW_CHARACTERS_MAX) continue
    const { rows, rest: left } = end > 0 ? { rows: parsed(rest.slice(0, end), row), rest: rest.slice(end) } : recovered(rest, row, false)
    rest = left
    row = rows.at(-1)?.row ?? row
    yield withoutBlank(rows)
  }
  if (rest !== '') yield withoutBlank(parsed(rest, row))
}

const withoutBlank = (rows: readonly (Row | BrokenRow)[]): readonly (Row | BrokenRow)[] =>
  rows.filter((row) => 'broken' in row || row.fields.length > 1 || row.fields[0] !== '')

/** What is not UTF-8 comes as U+0000, which no text may hold, so the cell it stands in is told. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  for await (const bytes of createReadStream(file, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    yield decoder.decode(bytes, { stream: true }).replaceAll('\ufffd', '\0')
  }
  yield decoder.decode().replaceAll('\ufffd', '\0')
}

/** Behind the last line end that stands outside quotes; 0 when there is none. */
function lastRowEnd(text: string): number {
  let quotes = 0
  let end = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 34) quotes += 1
    else if (code === 10 && quotes % 2 === 0) end = at + 1
  }
  return end
}

/** Rows of a piece that ends where a row ends. */
function parsed(text: string, before: number): readonly (Row | BrokenRow)[] {
  try {
    return fieldsOf(text).map((fields, index) => ({ row: before + index + 1, fields }))
  } catch {
    return recovered(text, before, true).rows
  }
}

const fieldsOf = (text: string): readonly (readonly string[])[] => parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] })

/**
 * Row by row: the fewest lines that are a row; where there are none, the line is broken and the next one begins anew. Of a text that goes on
 * (it is not `whole`) it takes no more than up to the first broken row.
 */
function recovered(text: string, before: number, whole: boolean): { readonly rows: readonly (Row | BrokenRow)[]; readonly rest: string } {
  const rows: (Row | BrokenRow)[] = []
  let start = 0
  while (start < text.length) {
    const row = before + rows.length + 1
    const end = rowEnd(text, start, whole)
    if (end === undefined && !whole && text.length - start <= ROW_CHARACTERS_MAX) break
    const lineEnd = text.indexOf('\n', start) + 1 || text.length
    const read = end === undefined ? { detail: 'A quote is opened here and never closed.' } : oneRow(text.slice(start, end))
    if ('fields' in read) rows.push({ row, fields: read.fields })
    else rows.push({ row, broken: text.slice(start, Math.min(lineEnd, start + ROW_CHARACTERS_MAX)), detail: read.detail })
    start = 'fields' in read ? end! : lineEnd
    if (!('fields' in read) && !whole) break
  }
  return { rows, rest: text.slice(start) }
}

/** Behind the first line end outside quotes, or behind the whole text where it ends outside quotes. */
function rowEnd(text: string, start: number, whole: boolean): number | undefined {
  let quotes = 0
  const last = Math.min(text.length, start + ROW_CHARACTERS_MAX)
  for (let at = start; at < last; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 34) quotes += 1
    else if (code === 10 && quotes % 2 === 0) return at + 1
  }
  return whole && quotes % 2 === 0 && last === text.length ? last : undefined
}

function oneRow(text: string): { readonly fields: readonly string[] } | { readonly detail: string } {
  try {
    return { fields: fieldsOf(text)[0] ?? [''] }
  } catch (error) {
    return { detail: `Its quotes are wrong: ${(error as Error).message.replace(/ at line \d+/, '').replace(/, value is .*/s, '')}.` }
  }
}
