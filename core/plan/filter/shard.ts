// Shard: the beliefs of many items in a few large arrays, so that a million of them fit into memory and are no work for the garbage collector. Each
// takes as many blocks of a few cells as its window needs, chained; what it no longer needs serves the next, so nothing lies idle.

import type { Filter } from './filter.ts'
import { MOMENTS } from './moments.ts'

/** Cells of a block, for each class; moments take one block. */
const BLOCK = MOMENTS
/** Blocks of a piece of memory that is taken at once: a power of 2, no more than so many; of few items, for a share of them. */
const PIECE_BITS = 13
const PIECES_MIN = 8

/** Blocks are numbered from 1; 0 is none. */
export class Shard {
  readonly #numbers: number
  readonly #bits: number
  readonly #pieces: Float32Array[] = []
  readonly #links: Uint32Array[] = []
  #used = 0
  #free = 0
  readonly #low: Float64Array
  /** 0 where a belief is by moments. */
  readonly #cells: Uint16Array
  readonly #first: Uint32Array

  constructor(classes: number, items: number) {
    this.#numbers = classes * BLOCK
    this.#bits = Math.min(PIECE_BITS, Math.ceil(Math.log2(Math.max(1, (items * BLOCK) / PIECES_MIN))))
    this.#low = new Float64Array(items)
    this.#cells = new Uint16Array(items)
    this.#first = new Uint32Array(items)
  }

  has(item: number): boolean {
    return this.#first[item] !== 0
  }

  load(item: number, filter: Filter): void {
    const cells = this.#cells[item]!
    let block = this.#first[item]!
    filter.begin(this.#low[item]!, cells, cells === 0)
    if (cells === 0) filter.moments.load(this.#piece(block), this.#offset(block))
    for (let first = 0; first < cells; first += BLOCK) {
      filter.grid.load(this.#piece(block), this.#offset(block), BLOCK, first, Math.min(BLOCK, cells - first))
      block = this.#next(block)
    }
  }

  store(item: number, filter: Filter): void {
    const cells = filter.isWide ? 0 : filter.grid.cells
    let block = this.#first[item]!
    if (block === 0) this.#first[item] = block = this.#take()
    if (filter.isWide) filter.moments.store(this.#piece(block), this.#offset(block))
    for (let first = 0; first < cells; first += BLOCK) {
      if (first > 0) block = this.#next(block) || this.#chain(block)
      filter.grid.store(this.#piece(block), this.#offset(block), BLOCK, first, Math.min(BLOCK, cells - first))
    }
    this.#leave(this.#next(block))
    this.#link(block, 0)
    this.#low[item] = filter.isWide ? filter.moments.low : filter.grid.low
    this.#cells[item] = cells
  }

  /** Memory that the beliefs take. */
  get bytes(): number {
    const columns = [this.#low, this.#cells, this.#first, ...this.#pieces, ...this.#links]
    return columns.reduce((sum, column) => sum + column.byteLength, 0)
  }

  /** A block that nobody has. */
  #take(): number {
    const again = this.#free
    if (again !== 0) {
      this.#free = this.#next(again)
      this.#link(again, 0)
      return again
    }
    if (this.#used === this.#pieces.length << this.#bits) {
      this.#pieces.push(new Float32Array(this.#numbers << this.#bits))
      this.#links.push(new Uint32Array(1 << this.#bits))
    }
    return (this.#used += 1)
  }

  #chain(block: number): number {
    const next = this.#take()
    this.#link(block, next)
    return next
  }

  /** A chain of blocks that is not needed any more. */
  #leave(first: number): void {
    for (let block = first; block !== 0;) {
      const next = this.#next(block)
      this.#link(block, this.#free)
      this.#free = block
      block = next
    }
  }

  #piece(block: number): Float32Array {
    return this.#pieces[(block - 1) >>> this.#bits]!
  }

  #offset(block: number): number {
    return this.#within(block) * this.#numbers
  }

  #next(block: number): number {
    return this.#links[(block - 1) >>> this.#bits]![this.#within(block)]!
  }

  #link(block: number, to: number): void {
    this.#links[(block - 1) >>> this.#bits]![this.#within(block)] = to
  }

  #within(block: number): number {
    return (block - 1) & ((1 << this.#bits) - 1)
  }
}
