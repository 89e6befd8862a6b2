// Every endpoint of the product.

import { masterEndpoints } from './master.ts'
import { orderEndpoints } from './order.ts'
import { peopleEndpoints } from './people.ts'
import { stockEndpoints } from './stock.ts'

export const endpoints = [...orderEndpoints, ...stockEndpoints, ...masterEndpoints, ...peopleEndpoints] as const

export type EndpointName = (typeof endpoints)[number]['name']
