// Balance: a quick proof that two sides of an invariant agree, row for row, without bringing their rows together.
//
// Adding up ten million moves by order line and laying them beside five million planned moves takes minutes; most of it is spent on finding
// each row's partner. Instead each side is one sum: amount × weight(key), where the weight of a key is a hash under a seed drawn anew for
// each run (Freivalds' trick). Where all keys agree, so do the sums. Where any key differs, sums of 32-bit weights still agree once in
// 2^32 runs, and nobody can prepare for a seed that is drawn later. Only sides that do not balance are laid beside each other, to name the row.
//
// An amount times its weight must fit 63 bits. Values may be larger than quantities, so they are added up twice, under 16 bits each; a row
// beyond that makes its sum fail, and is laid beside the others too.

import { sql, type Connection, type Statement } from '../db.ts'

/** What one side comes to: quantities and values under some of their keys' bits, and values once more under others. */
export interface Sums {
  readonly first: bigint
  readonly second: bigint
}

export interface Balance {
  /** Whether the moves have a part in it. They are weighed once for all of these together, which therefore hold or fail together. */
  readonly withMoves: boolean
  /** Every other side than the moves: rows of first and second, as text. All sides come to nothing. */
  sides(seed: number): Statement
}

/** A quantity, and at which of its key's bits the 32 begin that weigh it: amounts of one key that must not be mistaken for each other differ. */
export interface Weighed {
  readonly amount: Statement
  readonly bit: 0 | 16 | 32
}

export const raw = (text: string): Statement => ({ text, values: [] })

/** `first, second` of rows that carry a hash in the column named, and quantities. */
export const sumsOf = (hash: string, amounts: readonly Weighed[]): Statement => sql`
  coalesce(sum(${weigh(hash, amounts)}), 0)::text as first, '0' as second`

export const weigh = (hash: string, amounts: readonly Weighed[]): Statement =>
  amounts
    .map(({ amount, bit }) => sql`(${amount}) * ${raw(bit === 0 ? `(${hash} & 4294967295)` : `((${hash} >> ${bit}) & 4294967295)`)}`)
    .reduce((sum, one) => sql`${sum} + ${one}`)

/** A value under 16 bits that no quantity of its key is weighed by, the lower ones or the upper. */
export const weighValue = (hash: string, amount: Statement, bit: 32 | 48): Statement => sql`(${amount}) * ${raw(`((${hash} >> ${bit}) & 65535)`)}`

/** Keys as hashes; `site`, `document` .. are columns. */
export const documentKey = (seed: number, site: string, document: string): Statement =>
  sql`uuid_hash_extended(${raw(document)}, ${seed}::bigint + ${raw(site)})`
export const lineKey = (document: Statement, line: string): Statement => sql`hashint8extended(${raw(line)}, ${document})`
export const partKey = (document: Statement, line: string, part: string): Statement =>
  sql`hashint8extended((${raw(line)}::bigint << 32) + ${raw(part)}, ${document})`
export const itemKey = (seed: number, site: string, item: string, owner: string): Statement =>
  sql`hashint8extended((${raw(item)}::bigint << 32) + ${raw(owner)}, ${seed}::bigint + ${raw(site)})`
/** `prefix` stands before the columns of a stock row's key, e.g. `m.from_`. Hardly any row is told apart by more than condition and place. */
export const stockKey = (item: Statement, prefix: string): Statement => {
  const of = (column: string): Statement => raw(`${prefix}${column}`)
  return sql`case
    when ${of('condition')} = 'sellable' and ${of('lot')} = '' and ${of('serial')} = '' and ${of('package')} = '' then hashint8extended(${of('place_id')}, ${item})
    else hashtextextended(jsonb_build_array(${of('condition')}, ${of('lot')}, ${of('serial')}, ${of('package')})::text, hashint8extended(${of('place_id')}, ${item}))
  end`
}

export async function addSides(session: Connection, balance: Balance, seed: number): Promise<Sums> {
  const rows = await session.query<{ readonly first: string; readonly second: string }>(balance.sides(seed))
  return added(rows.map((row) => ({ first: BigInt(row.first), second: BigInt(row.second) })))
}

export const added = (sums: readonly Sums[]): Sums =>
  sums.reduce((total, one) => ({ first: total.first + one.first, second: total.second + one.second }), { first: 0n, second: 0n })

export const isBalanced = ({ first, second }: Sums): boolean => first === 0n && second === 0n
