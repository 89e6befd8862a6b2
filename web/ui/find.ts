// Find: what a person means by what they typed, as the lookups ask it.

import { read } from '../client.ts'

const FOUND_MAX = 12

export interface Found {
  readonly code: string
  readonly name: string
}

export type Find = (text: string, signal: AbortSignal) => Promise<readonly Found[]>

export const findCustomers: Find = async (text, signal) =>
  (await read('/api/parties', { query: { kind: 'customer', limit: FOUND_MAX, ...(text === '' ? {} : { search: text }) } }, signal)).rows

export const findItems: Find = async (text, signal) =>
  (await read('/api/items', { query: { limit: FOUND_MAX, ...(text === '' ? {} : { search: text }) } }, signal)).rows.map(({ sku, name }) => ({
    code: sku,
    name,
  }))
