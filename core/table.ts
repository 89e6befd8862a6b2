// Table: the lane's working copy of one table's rows, found by key or by group (an order's lines, an item's stock rows), and a draft
// laid over it in which one command sees its own changes before they are kept or thrown away. Rows are immutable values.

export interface Shape<Row> {
  readonly key: (row: Row) => string
  readonly groups?: (row: Row) => readonly string[]
}

export interface Changes<Row> {
  readonly inserted: readonly Row[]
  readonly updated: readonly Row[]
  readonly deleted: readonly Row[]
}

export class Table<Row> {
  readonly shape: Shape<Row>
  readonly #rows = new Map<string, Row>()
  readonly #groups: Groups = new Map()
  /** Keys of rows that are not filed in their groups until one is asked for: of most tables none ever is. */
  #unfiled: string[] = []
  /** Rows that were written since they were read, as they were read; and every key that was written. */
  readonly #read = new Map<string, Row>()
  readonly #written = new Set<string>()

  constructor(shape: Shape<Row>) {
    this.shape = shape
  }

  /** Takes a row that was read. A row that is here already stays as it is: the working copy is newer. */
  take(row: Row): void {
    const key = this.shape.key(row)
    if (!this.#rows.has(key) && !this.#written.has(key)) this.#put(key, row)
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key)
  }

  rows(): Row[] {
    return [...this.#rows.values()]
  }

  get size(): number {
    return this.#rows.size
  }

  keysOf(group: string): Iterable<string> {
    this.#file()
    return keysIn(this.#groups, group)
  }

  of(group: string): Row[] {
    return [...this.keysOf(group)].map((key) => this.#rows.get(key)!)
  }

  /** Keeps what a draft changed; `undefined` deletes. */
  keep(changed: ReadonlyMap<string, Row | undefined>): void {
    for (const [key, row] of changed) {
      const before = this.#written.has(key) ? undefined : this.#rows.get(key)
      if (before !== undefined) this.#read.set(key, before)
      this.#written.add(key)
      if (row === undefined) this.#drop(key)
      else this.#put(key, row)
    }
  }

  /** What the batch must write. */
  changes(): Changes<Row> {
    const inserted: Row[] = []
    const updated: Row[] = []
    const deleted: Row[] = []
    for (const key of this.#written) {
      const [before, after] = [this.#read.get(key), this.#rows.get(key)]
      if (before === undefined && after !== undefined) inserted.push(after)
      else if (before !== undefined && after === undefined) deleted.push(before)
      else if (before !== undefined && after !== undefined && before !== after) updated.push(after)
    }
    return { inserted, updated, deleted }
  }

  /** Every row that was written, as it was read and as it is now. */
  *changedRows(): Generator<{ readonly before: Row | undefined; readonly after: Row | undefined }> {
    for (const key of this.#written) {
      const [before, after] = [this.#read.get(key), this.#rows.get(key)]
      if (before !== after) yield { before, after }
    }
  }

  /** A row as it was read; undefined for one that the batch made. */
  before(key: string): Row | undefined {
    return (this.#written.has(key) ? this.#read : this.#rows).get(key)
  }

  #put(key: string, row: Row): void {
    const known = this.#rows.has(key)
    this.#rows.set(key, row)
    // A row's groups never change while it lives: they are parts of its identity.
    if (!known && this.shape.groups !== undefined) this.#unfiled.push(key)
  }

  #file(): void {
    if (this.#unfiled.length === 0) return
    for (const key of this.#unfiled) for (const group of this.shape.groups!(this.#rows.get(key)!)) file(this.#groups, group, key)
    this.#unfiled = []
  }

  #drop(key: string): void {
    const row = this.#rows.get(key)
    if (row === undefined) return
    this.#file()
    this.#rows.delete(key)
    for (const group of this.shape.groups?.(row) ?? []) unfile(this.#groups, group, key)
  }
}

/** One command's changes over a table. */
export class Overlay<Row> {
  readonly table: Table<Row>
  readonly changed = new Map<string, Row | undefined>()
  /** Keys of rows that the table does not have, by group: a command of many lines finds its own rows without looking at all of them. */
  readonly #added: Groups = new Map()
  /** Rows that are not filed in a group until one is asked for: most commands never ask. */
  #unfiled: Row[] = []

  constructor(table: Table<Row>) {
    this.table = table
  }

  get(key: string): Row | undefined {
    return this.changed.has(key) ? this.changed.get(key) : this.table.get(key)
  }

  /** `key` may be given where it is known already. */
  put(row: Row, key: string = this.table.shape.key(row)): void {
    if (this.table.shape.groups !== undefined && this.changed.get(key) === undefined && this.table.get(key) === undefined) this.#unfiled.push(row)
    this.changed.set(key, row)
  }

  remove(row: Row): void {
    this.changed.set(this.table.shape.key(row), undefined)
  }

  of(group: string): Row[] {
    const rows: Row[] = []
    for (const key of this.table.keysOf(group)) {
      const row = this.get(key)
      if (row !== undefined) rows.push(row)
    }
    this.#file()
    for (const key of keysIn(this.#added, group)) {
      const row = this.changed.get(key)
      if (row !== undefined) rows.push(row)
    }
    return rows
  }

  /** Forgets everything, for the next command. */
  clear(): void {
    if (this.changed.size === 0) return
    this.changed.clear()
    this.#added.clear()
    this.#unfiled = []
  }

  #file(): void {
    if (this.#unfiled.length === 0) return
    const { key: keyOf, groups } = this.table.shape
    for (const row of this.#unfiled) for (const group of groups!(row)) file(this.#added, group, keyOf(row))
    this.#unfiled = []
  }
}

/** Keys of rows by group. Most groups are of one row, which needs no set of its own. */
type Groups = Map<string, string | Set<string>>

function keysIn(groups: Groups, group: string): Iterable<string> {
  const keys = groups.get(group)
  return typeof keys === 'string' ? [keys] : (keys ?? [])
}

function file(groups: Groups, group: string, key: string): void {
  const keys = groups.get(group)
  if (keys === undefined) groups.set(group, key)
  else if (typeof keys !== 'string') keys.add(key)
  else if (keys !== key) groups.set(group, new Set([keys, key]))
}

function unfile(groups: Groups, group: string, key: string): void {
  const keys = groups.get(group)
  if (keys === key) groups.delete(group)
  else if (typeof keys === 'object') keys.delete(key)
}
