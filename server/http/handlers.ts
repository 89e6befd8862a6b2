// Handlers: which endpoint is answered by what. Every endpoint of api/ has exactly one; a test holds both lists together.

import { sql } from '../db.ts'
import type { Reader, Writer } from './call.ts'
import { feedReader } from './feed.ts'
import { masterReaders, masterWriters } from './master.ts'
import { orderReaders, orderWriters } from './order.ts'
import { stockReaders } from './stock-lists.ts'
import { askPromise, stockWriters } from './stock.ts'

const health: Reader = async ({ context }) => {
  await context.database.query(sql`select 1`)
  return { ok: true }
}

export const writers: Readonly<Record<string, Writer>> = { ...orderWriters, ...stockWriters, ...masterWriters }
export const readers: Readonly<Record<string, Reader>> = { ...orderReaders, ...stockReaders, ...masterReaders, askPromise, health, listEvents: feedReader }
