// History: what clients did and were told, in the order of one monotonic clock: invoke when a command is sent for the first time, then ok or
// fail when its outcome is known, and info each time a try left it unknown. What is unknown may have happened or not.

export interface Line {
  readonly sku: string
  readonly quantity: number
  readonly source?: string
}

/** What a command asked for. */
export type Command =
  | { readonly kind: 'order'; readonly site: string; readonly lines: readonly Line[] }
  | { readonly kind: 'cancel'; readonly order: string; readonly lines: readonly number[] | null }
  | { readonly kind: 'ship'; readonly order: string; readonly site: string }
  | { readonly kind: 'sale' | 'receipt' | 'output'; readonly site: string; readonly lines: readonly Line[] }
  | { readonly kind: 'issue' | 'unmake' | 'dispatch' | 'arrival'; readonly site: string; readonly document: string }
  | { readonly kind: 'transfer'; readonly site: string; readonly to: string; readonly lines: readonly Line[] }

/** A line as an order's answer tells of it. */
export interface OrderedLine {
  readonly line: number
  readonly sku: string
  readonly quantity: number
  readonly held: number
  readonly source: string
}

export type Goods = readonly { readonly sku: string; readonly quantity: number }[]

export type Told =
  | { readonly order: string; readonly lines: readonly OrderedLine[] }
  /** What went into production or came back from it, what left for another site or came from one. */
  | { readonly goods: Goods }
  | { readonly shipped: readonly { readonly line: number; readonly quantity: number }[] }

export interface Happening {
  readonly milliseconds: number
  readonly operation: number
  readonly type: 'invoke' | 'ok' | 'fail' | 'info'
  readonly command: Command
  /** With ok, where the command's answer says more than that it is done. */
  readonly told?: Told
}

export class History {
  readonly happenings: Happening[] = []
  #operations = 0

  invoke(command: Command): number {
    this.#operations += 1
    this.#note(this.#operations, 'invoke', command)
    return this.#operations
  }

  info(operation: number, command: Command): void {
    this.#note(operation, 'info', command)
  }

  end(operation: number, type: 'ok' | 'fail', command: Command, told?: Told): void {
    this.#note(operation, type, command, told)
  }

  get operations(): number {
    return this.#operations
  }

  #note(operation: number, type: Happening['type'], command: Command, told?: Told): void {
    this.happenings.push({ milliseconds: performance.now(), operation, type, command, ...(told && { told }) })
  }
}
