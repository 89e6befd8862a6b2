// Handlers: which endpoint is answered by what. Every endpoint of api/ has exactly one; a test holds both lists together. Each is typed by its
// endpoint's schemas where it stands; here they are looked up by name, behind the route that has parsed what they take.

import { sql } from '../db.ts'
import type { Reader, Writer } from './call.ts'
import { feedReader } from './feed.ts'
import { masterReaders, masterWriters } from './master.ts'
import { orderReaders, orderWriters } from './order.ts'
import { purchaseReaders, purchaseWriters } from './purchase.ts'
import { shippingReaders, shippingWriters } from './shipping.ts'
import { stockReaders } from './stock-lists.ts'
import { askPromise, stockWriters } from './stock.ts'
import { storageReaders, storageWriters } from './storage.ts'
import { workOrderReaders, workOrderWriters } from './work-order.ts'

const health: Reader = async ({ context }) => {
  await context.database.query(sql`select 1`)
  return { ok: true }
}

export const writers = {
  ...orderWriters,
  ...purchaseWriters,
  ...workOrderWriters,
  ...stockWriters,
  ...storageWriters,
  ...shippingWriters,
  ...masterWriters,
} as unknown as Readonly<Record<string, Writer>>
export const readers = {
  ...orderReaders,
  ...purchaseReaders,
  ...workOrderReaders,
  ...stockReaders,
  ...storageReaders,
  ...shippingReaders,
  ...masterReaders,
  askPromise,
  health,
  listEvents: feedReader,
} as unknown as Readonly<Record<string, Reader>>
