// Setting: what all clients of one race have in common: whom they ask, what they know of the floor, and what is noted of every answer.

import type { Caller } from '../rig/caller.ts'
import type { Company } from '../rig/company.ts'
import type { Acknowledged } from '../rig/effects.ts'
import type { Floor } from './floor.ts'
import type { History } from './history.ts'

export interface Race {
  readonly company: Company
  readonly caller: Caller
  readonly servers: readonly string[]
  readonly history: History
  readonly floor: Floor
  readonly acknowledged: Acknowledged[]
  /** Keys that were answered in two ways. */
  readonly doubled: string[]
  /** Replies that no command of these should get. */
  readonly surprises: string[]
  readonly clients: number
}
