// Count queue: what somebody counted on this device, kept in the browser until the server has taken it. Each entry has its own key and the instant at which
// it was counted, so it may be sent as often as the line breaks, and however late: the same entry is the same, and it is compared with the ledger as it was.
//
// Invariant: an entry leaves the queue only with an answer. What was taken stays listed for who counted it; what was refused waits for a person.

export interface Counted {
  readonly sku: string
  readonly place: string
  readonly lot: string
  readonly serial: string
  readonly condition: 'sellable' | 'quarantine' | 'damaged' | 'expired'
  readonly owner?: string
  readonly counted: number
  /** ISO text. */
  readonly countedAt: string
  readonly isSure: boolean
  readonly isRecount: boolean
}

export interface Kept extends Counted {
  readonly entry: string
  readonly state: 'waiting' | 'taken' | 'refused'
  /** Why it was refused. */
  readonly code: string
  readonly detail: string
}

/** As the server tells it of each entry. */
export interface Told {
  readonly entry: string
  readonly accepted: boolean
  readonly code?: unknown
  readonly detail?: unknown
}

export const added = (queue: readonly Kept[], counted: Counted, entry: string): readonly Kept[] => [
  ...queue.filter((one) => one.state !== 'refused' || positionOf(one) !== positionOf(counted)),
  { ...counted, entry, state: 'waiting', code: '', detail: '' },
]

export const without = (queue: readonly Kept[], entry: string): readonly Kept[] => queue.filter((one) => one.entry !== entry)

/** A device whose clock is a little ahead counts in the future; that passes by itself. */
const passes = 'happened_in_future'

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

export function answered(queue: readonly Kept[], told: readonly Told[]): readonly Kept[] {
  const answers = new Map(told.map((one) => [one.entry, one]))
  return queue.map((one) => {
    const answer = answers.get(one.entry)
    if (answer === undefined || one.state === 'taken') return one
    if (answer.accepted) return { ...one, state: 'taken', code: '', detail: '' }
    const [code, detail] = [textIn(answer.code), textIn(answer.detail)]
    return { ...one, state: code === passes ? 'waiting' : 'refused', code, detail }
  })
}

export const waiting = (queue: readonly Kept[]): readonly Kept[] => queue.filter((one) => one.state === 'waiting')
export const refused = (queue: readonly Kept[]): readonly Kept[] => queue.filter((one) => one.state === 'refused')

type Position = Pick<Counted, 'sku' | 'place' | 'lot' | 'serial' | 'condition'> & { readonly owner?: string }
export const positionOf = ({ sku, place, lot, serial, condition, owner = '' }: Position): string =>
  JSON.stringify([sku, place, lot, serial, condition, owner])

/** The last that was counted of a position on this device and not refused. */
export const lastOf = (queue: readonly Kept[], position: Position): Kept | undefined =>
  queue.findLast((one) => one.state !== 'refused' && positionOf(one) === positionOf(position))

/** Of one person and one sheet: nobody sends what somebody else counted. */
export const nameOf = (user: string, site: string, sheet: string): string => `quartermaster.counted.${user}.${site}.${sheet}`

export const kept = (name: string): readonly Kept[] => JSON.parse(localStorage.getItem(name) ?? '[]') as readonly Kept[]

export function keep(name: string, queue: readonly Kept[]): void {
  if (queue.length === 0) localStorage.removeItem(name)
  else localStorage.setItem(name, JSON.stringify(queue))
}
