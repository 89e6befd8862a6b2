// Shard: the beliefs of many items in a few large arrays, so that a million of them fit into memory and are no work for the garbage collector. Each
// takes as many cells as its window needs, rounded up to one of a few sizes; what it grows out of is used again.

import type { Grid } from './grid.ts'

/** Cells of a window, for each class. */
const SIZES = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096]
/** Numbers of a piece of memory that is taken at once, at most; of few items, places for a share of them. */
const PIECE = 1 << 18
const PIECES_MIN = 8

/** Places of one size. */
class Pool {
  readonly #numbers: number
  readonly #each: number
  readonly #pieces: Float32Array[] = []
  readonly #left: number[] = []
  #used = 0

  constructor(numbers: number, items: number) {
    this.#numbers = numbers
    this.#each = Math.max(1, Math.min(Math.floor(PIECE / numbers), Math.ceil(items / PIECES_MIN)))
  }

  take(): number {
    const again = this.#left.pop()
    if (again !== undefined) return again
    if (this.#used === this.#pieces.length * this.#each) this.#pieces.push(new Float32Array(this.#each * this.#numbers))
    return this.#used++
  }

  leave(place: number): void {
    this.#left.push(place)
  }

  piece(place: number): Float32Array {
    return this.#pieces[Math.floor(place / this.#each)]!
  }

  offset(place: number): number {
    return (place % this.#each) * this.#numbers
  }

  get bytes(): number {
    return this.#pieces.length * this.#each * this.#numbers * Float32Array.BYTES_PER_ELEMENT
  }
}

const sizeFor = (cells: number): number => {
  let size = 0
  while (SIZES[size]! < cells) size += 1
  return size
}

const UNUSED = 255

export class Shard {
  readonly #pools: readonly Pool[]
  readonly #low: Int32Array
  readonly #cells: Uint16Array
  readonly #size: Uint8Array
  readonly #place: Uint32Array

  constructor(classes: number, items: number) {
    this.#pools = SIZES.map((cells) => new Pool(cells * classes, items))
    this.#low = new Int32Array(items)
    this.#cells = new Uint16Array(items)
    this.#size = new Uint8Array(items).fill(UNUSED)
    this.#place = new Uint32Array(items)
  }

  has(item: number): boolean {
    return this.#size[item] !== UNUSED
  }

  load(item: number, grid: Grid): void {
    const [pool, place] = [this.#pools[this.#size[item]!]!, this.#place[item]!]
    grid.load(this.#low[item]!, this.#cells[item]!, pool.piece(place), pool.offset(place))
  }

  store(item: number, grid: Grid): void {
    const [before, size] = [this.#size[item]!, sizeFor(grid.cells)]
    if (size !== before) {
      if (before !== UNUSED) this.#pools[before]!.leave(this.#place[item]!)
      this.#size[item] = size
      this.#place[item] = this.#pools[size]!.take()
    }
    const [pool, place] = [this.#pools[size]!, this.#place[item]!]
    grid.store(pool.piece(place), pool.offset(place))
    this.#low[item] = grid.low
    this.#cells[item] = grid.cells
  }

  /** Memory that the beliefs take. */
  get bytes(): number {
    const columns = [this.#low, this.#cells, this.#size, this.#place]
    return this.#pools.reduce((sum, pool) => sum + pool.bytes, 0) + columns.reduce((sum, column) => sum + column.byteLength, 0)
  }
}
