// Checks of supply: suppliers, their catalogues and bills of material, held against each other, against the items, and against what is recorded.
// A bill that leads back to its own item is a fault of every row in the circle: nobody can say which of them is the wrong one.

import { sql, type Statement } from '../db.ts'

type SupplyKind = 'suppliers' | 'catalogue' | 'bills'

const items = sql`select sku from item union select sku from import_item`
const suppliers = sql`select code from party where kind = 'supplier' union select code from import_supplier`

export const supplyChecks: Record<SupplyKind, () => readonly Statement[]> = {
  suppliers: () => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'suppliers', row, 'supplier', 'code_taken', format('Row %s has the same code.', first)
      from (select row, min(row) over (partition by code) as first from import_supplier) t where row > first`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'suppliers', n.row, 'supplier', 'code_taken', format('%s is the code of a %s.', n.code, p.kind)
      from import_supplier n join party p on p.code = n.code where p.kind <> 'supplier'`,
  ],
  catalogue: () => [
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'catalogue', n.row, 'sku', 'item_not_known', format('There is no item %s.', n.sku)
      from import_offer n left join (${items}) i on i.sku = n.sku where i.sku is null`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'catalogue', n.row, 'supplier', 'party_not_known', format('There is no supplier %s.', n.supplier)
      from import_offer n left join (${suppliers}) s on s.code = n.supplier where s.code is null`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'catalogue', row, 'sku', 'code_taken', format('Row %s has the same item of the same supplier.', first)
      from (select row, min(row) over (partition by supplier, sku) as first from import_offer) t where row > first`,
  ],
  bills: () => [
    ...(['parent', 'component'] as const).map((end) => {
      const [column, name] = end === 'parent' ? [sql`n.parent`, 'parent_sku'] : [sql`n.component`, 'component_sku']
      return sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'bills', n.row, ${name}, 'item_not_known', format('There is no item %s.', ${column})
      from import_bill n left join (${items}) i on i.sku = ${column} where i.sku is null`
    }),
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'bills', n.row, 'valid_to', 'date_not_valid', 'It ends before it begins.' from import_bill n where n.valid_to < n.valid_from`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'bills', n.row, 'valid_from', 'bill_overlaps', format('Row %s has the component in this bill on some of these days.', min(o.row))
      from import_bill n
      join import_bill o on o.parent = n.parent and o.component = n.component and o.row < n.row
        and o.valid_from <= coalesce(n.valid_to, 'infinity') and n.valid_from <= coalesce(o.valid_to, 'infinity')
      group by n.row`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      select 'bills', n.row, 'valid_from', 'bill_overlaps', format('The component is in this bill from %s on already.', min(b.valid_from))
      from import_bill n
      join item p on p.sku = n.parent
      join item c on c.sku = n.component
      join bill_line b on b.parent_id = p.item_id and b.component_id = c.item_id and b.valid_from <> n.valid_from
        and b.valid_from <= coalesce(n.valid_to, 'infinity') and n.valid_from <= coalesce(b.valid_to, 'infinity')
      group by n.row`,
    sql`
      insert into import_fault (kind, row, column_name, code, detail)
      with recursive edge as (
        select parent, component from import_bill
        union
        select p.sku, c.sku from bill_line b join item p on p.item_id = b.parent_id join item c on c.item_id = b.component_id
      ), part (whole, sku) as (
        select component, component from import_bill
        union
        select p.whole, e.component from part p join edge e on e.parent = p.sku
      )
      select 'bills', n.row, 'component_sku', 'bill_cyclic', format('%s would be made of itself.', n.parent)
      from import_bill n join part p on p.whole = n.component and p.sku = n.parent`,
  ],
}

/** What is recorded just as the file says is no news; other prices and quantities replace what was there. */
export const supplyKnown: Record<SupplyKind, () => Statement> = {
  suppliers: () => sql`
    delete from import_supplier n
    using party p
    left join source_terms t on t.source = 'supplier' and t.source_id = p.party_id
    where p.code = n.code and (coalesce(n.least_minor, n.load_units, n.load_weight_mg) is null
      or (t.least_minor, t.load_units, t.load_weight_mg) is not distinct from (coalesce(n.least_minor, 0), n.load_units, n.load_weight_mg))`,
  catalogue: () => sql`
    delete from import_offer n
    using supplier_item o, item i, party p
    where i.sku = n.sku and p.code = n.supplier and o.item_id = i.item_id and o.supplier_id = p.party_id
      and (o.price_minor, o.lead_time_days, o.order_minimum, o.order_multiple, o.preferred)
        = (n.price_minor, n.lead_time_days, n.order_minimum, n.order_multiple, n.preferred)`,
  bills: () => sql`
    delete from import_bill n
    using bill_line b, item p, item c
    where p.sku = n.parent and c.sku = n.component and b.parent_id = p.item_id and b.component_id = c.item_id and b.valid_from = n.valid_from
      and (b.quantity, b.batch, b.scrap_per_million) = (n.quantity, n.batch, n.scrap_per_million) and b.valid_to is not distinct from n.valid_to`,
}
