// Find: what a person means by what they typed, as the lookups ask it.

import { read } from '../client.ts'

const FOUND_MAX = 12
const ACTORS_MAX = 1_000

export interface Found {
  readonly code: string
  readonly name: string
}

export type Find = (text: string, signal: AbortSignal) => Promise<readonly Found[]>

export const findCustomers: Find = async (text, signal) =>
  (await read('/api/parties', { query: { kind: 'customer', limit: FOUND_MAX, ...(text === '' ? {} : { search: text }) } }, signal)).rows

/** Who may have done something: users and keys, of which a company has few enough to be looked through here. */
export const findActors: Find = async (text, signal) => {
  const query = { limit: ACTORS_MAX }
  const [users, keys] = await Promise.all([read('/api/users', { query }, signal), read('/api/keys', { query }, signal)])
  const all = [
    ...users.rows.map(({ name, displayName }) => ({ code: `user:${name}`, name: displayName })),
    ...keys.rows.map(({ id, name }) => ({ code: `key:${id}`, name })),
  ]
  const wanted = text.toLowerCase()
  return all.filter(({ code, name }) => `${code} ${name}`.toLowerCase().includes(wanted)).slice(0, FOUND_MAX)
}

export const findItems: Find = async (text, signal) =>
  (await read('/api/items', { query: { limit: FOUND_MAX, ...(text === '' ? {} : { search: text }) } }, signal)).rows.map(({ sku, name }) => ({
    code: sku,
    name,
  }))
