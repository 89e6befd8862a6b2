// A story of a return for tests of verification: authorised, received in part, and one piece of it thrown away, another being made good.

import type { SiteId } from '../core/item.ts'
import { money } from '../core/money.ts'
import { standardPlaces } from '../core/place.ts'
import { quantity } from '../core/quantity.ts'
import type { Statement } from './db.ts'
import type { Command } from './stages.ts'
import type { TestWorld } from './test-world.ts'

/** Of the second line of an order that is with its customer. */
export async function tellOfReturns(
  world: TestWorld,
  site: SiteId,
  order: string,
  send: (site: SiteId, command: Command) => Promise<void>,
): Promise<void> {
  const about = { order, rma: world.newId() }
  const line = { line: 1, lot: '', serial: '', note: '' }
  await send(site, {
    kind: 'authoriseReturn',
    ...about,
    authorisedAt: world.now(),
    lines: [{ line: 1, orderLine: 2, quantity: quantity(3), reason: 'damaged', note: '' }],
  })
  await send(site, { kind: 'receiveReturn', ...about, receivedAt: world.now(), lines: [{ ...line, quantity: quantity(2) }] })
  const piece = { ...line, quantity: quantity(1), refurbished: false, found: 'damaged', place: standardPlaces.dock, deduction: money(0) } as const
  const lines = [{ ...piece, disposition: 'scrap' } as const, { ...piece, disposition: 'refurbish' } as const]
  await send(site, { kind: 'disposeReturn', ...about, disposedAt: world.now(), lines })
}

/** What somebody might do to those rows by hand, and the check that finds it. */
export const returnsTampered = (): readonly (readonly [what: string, check: string, statement: Statement])[] =>
  (
    [
      ['received of a return', 'returns received', `update rma_line set received = received + 1 where scrapped > 0`],
      ['number of a return', 'returns received', `update rma set number = number + 5 where number = 2`],
      ['disposition', 'returns disposed', `update rma_line set scrapped = scrapped - 1, restocked = restocked + 1 where scrapped > 0`],
      ['disposition gone', 'returns disposed', `update rma_line set refurbishing = 0 where scrapped > 0`],
      ['quantity of a return', 'returns authorised', `update rma_line set quantity = quantity + 100 where scrapped > 0`],
      ['line of a return', 'returns authorised', `update rma_line set order_line = 9 where scrapped > 0`],
      ['return gone', 'returns authorised', `delete from rma where number = 2`],
    ] as const
  ).map(([what, check, text]) => [what, check, { text, values: [] }] as const)
