// Every endpoint of the product.

import { masterEndpoints } from './master.ts'
import { orderEndpoints } from './order.ts'
import { shippingEndpoints } from './shipping.ts'
import { stockEndpoints } from './stock.ts'
import { storageEndpoints } from './storage.ts'

export const endpoints = [...orderEndpoints, ...stockEndpoints, ...storageEndpoints, ...shippingEndpoints, ...masterEndpoints] as const

export type EndpointName = (typeof endpoints)[number]['name']
