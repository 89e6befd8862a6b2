// Prices, checked: what an order was priced with is there where its line says so, and its amounts follow from each other: no more comes off than the
// goods cost, tax is the rate on what is left, and the steps that are told end at the price that is charged.

import { sql, type Statement } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

/** The unit price that the steps of a line come to. */
const lastPrice: Statement = sql`
  (select (s.step ->> 'unitPrice')::bigint
  from json_array_elements(p.steps) with ordinality s (step, at)
  where s.step ->> 'step' in ('item', 'given', 'unit_price', 'list', 'exchange') order by s.at desc limit 1)`

/** What all steps of a kind say under a name. */
const told = (step: string, name: string): Statement => sql`
  coalesce((select sum((s.step ->> ${name})::bigint)::bigint from json_array_elements(p.steps) s (step) where s.step ->> 'step' = ${step}), 0)`

const pricesCheck = rowCheck(
  'order prices',
  'A line that was priced by the book has what it was priced with; discounts, tax and unit price are what its steps come to, tax half to even.',
  sql`
    -- every site: verification
    select case when t.basis is null then 'line_price' else 'order_line' end as "table", t.site_id as site,
      format('order %s, line %s', t.order_id, t.line) as key, t.problem
    from (
      select site_id, order_id, line, l.price_basis as basis,
        case
          when l.price_basis is null then 'No line of an order that the book priced is there.'
          when p.steps is null then 'What the book priced it with is not there.'
          when p.discount_minor + p.order_discount_minor > l.goods then format('%s come off goods of %s.', p.discount_minor + p.order_discount_minor, l.goods)
          when ${lastPrice} is distinct from l.unit_price_minor then format('It costs %s each; its steps end at %s.', l.unit_price_minor, ${lastPrice})
          when ${told('unit_price', 'off')} + ${told('line_discount', 'off')} <> p.discount_minor or ${told('order_discount', 'share')} <> p.order_discount_minor
            then format('%s and %s come off; its steps say otherwise.', p.discount_minor, p.order_discount_minor)
          when ${told('tax', 'tax')} <> p.tax_minor or p.tax_minor <> case
              when mod(n.taxed, 1000000) * 2 > 1000000 or (mod(n.taxed, 1000000) * 2 = 1000000 and mod(div(n.taxed, 1000000), 2) = 1)
                then div(n.taxed, 1000000) + 1
              else div(n.taxed, 1000000)
            end
            then format('Its tax is %s; %s millionths of %s is another.', p.tax_minor, p.tax_per_million, l.goods - p.discount_minor - p.order_discount_minor)
        end as problem
      from (
        select site_id, order_id, line, price_basis, unit_price_minor, quantity::numeric * unit_price_minor as goods
        from order_line where price_basis = 'book'
      ) l
      full join line_price p using (site_id, order_id, line)
      cross join lateral (select (l.goods - p.discount_minor - p.order_discount_minor) * p.tax_per_million as taxed) n
    ) t
    where t.problem is not null
    order by t.site_id, t.order_id, t.line limit 1`,
)

const termsCheck = rowCheck(
  'order terms',
  "Terms of an order belong to one; what it is charged in has a rate, which is one for the company's own currency.",
  sql`
    -- every site: verification
    select 'order_terms' as "table", t.site_id as site, format('order %s', t.order_id) as key,
      case when o.order_id is null then 'There is no such order.' else format('Its rate is %s billionths of its own currency.', t.rate_e9) end as problem
    from order_terms t
    left join orders o on o.site_id = t.site_id and o.order_id = t.order_id
    left join site s on s.site_id = t.site_id
    left join party c on c.party_id = s.owner_id
    where o.order_id is null or (t.currency = c.currency and t.rate_e9 <> 1000000000)
    order by t.site_id, t.order_id limit 1`,
)

export const priceGroup: CheckGroup = { checks: [pricesCheck, termsCheck] }
