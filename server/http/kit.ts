// Kits and substitutes over HTTP: what is sold as a bundle, and what may be sent instead of what.

import type { ItemId } from '../../core/item.ts'
import type { KitComponent } from '../../core/kit.ts'
import { quantity } from '../../core/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Substitute } from '../../core/substitute.ts'
import { sql } from '../db.ts'
import { toControl, type Call, type Readers, type Writers } from './call.ts'
import { keyIn, pageOf } from './page.ts'

export const kitWriters = {
  setKits: async (call) => {
    const { kits: asked } = call.body
    const items = await named(
      call,
      'kits',
      'components',
      asked.map(({ sku, components }) => [sku, components]),
    )
    if (isRefusal(items)) return items
    const kits = asked.map(({ sku, components }) => ({
      kit: items(sku),
      components: components.map((one) => ({ component: items(one.sku), quantity: quantity(one.quantity) })),
    }))
    return toControl({ kind: 'setKits', kits })
  },
  setSubstitutes: async (call) => {
    const { items: asked } = call.body
    const items = await named(
      call,
      'items',
      'substitutes',
      asked.map(({ sku, substitutes }) => [sku, substitutes]),
    )
    if (isRefusal(items)) return items
    const all = asked.map(({ sku, substitutes }) => ({
      item: items(sku),
      substitutes: substitutes.map(({ sku: other, chosenBy, twoWay }) => ({ substitute: items(other), chosenBy, twoWay })),
    }))
    return toControl({ kind: 'setSubstitutes', items: all })
  },
} satisfies Partial<Writers>

/** Finds items by sku; the first that does not exist is refused where it stands. */
async function named(
  { context }: Pick<Call, 'context'>,
  list: string,
  inner: string,
  asked: readonly (readonly [sku: string, others: readonly { readonly sku: string }[]])[],
): Promise<((sku: string) => ItemId) | Refusal> {
  const known = await context.catalog.itemsBySku(asked.flatMap(([sku, others]) => [sku, ...others.map((one) => one.sku)]))
  const missing = (sku: string, subject: string): Refusal | undefined =>
    known.has(sku) ? undefined : refuse('item_not_known', `${subject}/sku`, `There is no item ${sku}.`)
  for (const [index, [sku, others]] of asked.entries()) {
    const at = `${list}/${index + 1}`
    const refusal = missing(sku, at) ?? others.map((one, place) => missing(one.sku, `${at}/${inner}/${place + 1}`)).find((one) => one !== undefined)
    if (refusal) return refusal
  }
  return (sku) => known.get(sku)!.item
}

export const kitReaders = {
  listKits: async (call) => {
    const { sku = null, cursor, limit } = call.query
    const after = keyIn(cursor, ['number', 'number'])
    if (after !== undefined && isRefusal(after)) return after
    const [kit, component] = after ?? [0, 0]
    const rows = await call.context.database.query<Pick<KitComponent, 'quantity'> & { readonly kitId: number; readonly componentId: number }>(sql`
      select k.sku, c.sku as component, c.name, b.quantity, b.kit_id as "kitId", b.component_id as "componentId"
      from kit_component b join item k on k.item_id = b.kit_id join item c on c.item_id = b.component_id
      where (${sku}::text is null or b.kit_id = (select item_id from item where sku = ${sku}))
        and (b.kit_id, b.component_id) > (${kit}::bigint, ${component}::bigint)
      order by b.kit_id, b.component_id limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.kitId, row.componentId],
      ({ kitId: _kit, componentId: _component, ...row }) => row,
    )
  },
  listSubstitutes: async (call) => {
    const { sku = null, cursor, limit } = call.query
    const after = keyIn(cursor, ['number', 'number', 'number'])
    if (after !== undefined && isRefusal(after)) return after
    const [item, position, substitute] = after ?? [0, 0, 0]
    const rows = await call.context.database.query<Substitute & { readonly itemId: number; readonly substituteId: number }>(sql`
      select i.sku, o.sku as substitute, o.name, s.chosen_by as "chosenBy", s.position, s.item_id as "itemId", s.substitute_id as "substituteId"
      from substitute s join item i on i.item_id = s.item_id join item o on o.item_id = s.substitute_id
      where (${sku}::text is null or s.item_id = (select item_id from item where sku = ${sku}))
        and (s.item_id, s.position, s.substitute_id) > (${item}::bigint, ${position}::bigint, ${substitute}::bigint)
      order by s.item_id, s.position, s.substitute_id limit ${limit + 1}`)
    return pageOf(
      rows,
      limit,
      (row) => [row.itemId, row.position, row.substituteId],
      ({ itemId: _item, substituteId: _substitute, position: _position, ...row }) => row,
    )
  },
} satisfies Partial<Readers>
