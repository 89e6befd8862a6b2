// Traced: what the API tells of a lot's family, as the pages that show it have it.

import type { Answer } from './client.ts'

export type Trace = Answer<'traceLot'>
export type TracedLot = Trace['lots'][number]
