// The flow and the loop as one picture: what stands at each stage of a site, how many lines and of what value, and what of it is late or short.

import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { siteCode } from './fields.ts'

export const stageNames = ['order', 'promise', 'reserve', 'purchase', 'produce', 'store', 'transport', 'deliver'] as const
export const loopNames = ['record', 'shrinkage', 'count'] as const

const standing = z.object({
  stage: z.enum(stageNames),
  lines: z.int().meta({ description: 'Lines of which something stands here' }),
  value: z.int().meta({
    description: 'Minor units: at the price of the order, at the price agreed where goods are bought, at standard cost where they are made',
  }),
  late: z.int().meta({ description: 'Lines whose promised or due day is past' }),
  short: z.int().meta({ description: 'Lines that wait for goods' }),
})
const known = z.object({
  part: z.enum(loopNames),
  count: z.int().meta({ description: 'Open exceptions, losses, or counts' }),
  value: z.int().meta({ description: 'Minor units of the moves counted; what was found counts against what is missing' }),
})

export const flowEndpoints = [
  endpoint({
    name: 'getFlow',
    method: 'GET',
    path: '/api/flow',
    summary: "What stands at each stage of a site's flow, and what its loop found in thirty days",
    roles: 'everyone',
    scope: 'site',
    writes: false,
    query: z.object({ site: siteCode }),
    output: z.object({ site: z.string(), countedAt: z.string(), flow: z.array(standing), loop: z.array(known) }).meta({ id: 'Flow' }),
    status: 200,
  }),
] as const
