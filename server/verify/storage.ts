// Storage and shipping, checked: packages are numbered and hold what stock and moves say, shipments weigh and cost what follows from what is in
// them, and they stand where the last that was told of them says.

import { trackingKinds } from '../../core/tracking.ts'
import { sql } from '../db.ts'
import { raw } from './balance.ts'
import { rowCheck, type Check, type CheckGroup } from './check.ts'
import { told } from './orders.ts'

const packagesCheck = rowCheck(
  'packages',
  'The packages of a site are numbered from 1 without a gap, their SSCCs have the right check digit, and each is of an order that is served there.',
  sql`
    -- every site: verification
    select 'package' as "table", t.site_id as site, 'package ' || t.sscc as key,
      case
        when t.number <> t.expected then format('Its number is %s, and %s packages are before it.', t.number, t.expected - 1)
        when t.digit <> substr(t.sscc, 18, 1)::int then format('Its check digit should be %s.', t.digit)
        else 'Its order or shipment does not exist at this site.'
      end as problem
    from (
      select g.*, row_number() over (partition by g.site_id order by g.number) as expected,
        (10 - (select sum(substr(g.sscc, i, 1)::int * case when i % 2 = 1 then 3 else 1 end)::int from generate_series(1, 17) i) % 10) % 10 as digit
      from package g
    ) t
    where t.number <> t.expected or t.digit <> substr(t.sscc, 18, 1)::int
      or not exists (select from planned_move p where p.site_id = t.site_id and p.document_id = t.order_id and p.kind = 'order')
      or (t.shipment_id is not null and not exists (
        select from shipment h where h.site_id = t.site_id and h.shipment_id = t.shipment_id and h.order_id = t.order_id))
    order by t.site_id, t.number limit 1`,
)

/** That stock in packages is what moves put there, the check of stock proves: the package is part of its key. */
const contentCheck = rowCheck(
  'packed goods',
  'What stock has in a package is in one of the site that is neither shipped nor opened.',
  sql`
    -- every site: verification
    select 'stock' as "table", s.site_id as site, format('package %s, item %s, lot "%s", serial "%s"', s.package, s.item_id, s.lot, s.serial) as key,
      case
        when g.site_id is null then 'There is no such package.'
        when g.shipment_id is not null then 'The package was shipped.'
        else 'The package was opened.'
      end as problem
    from stock s left join package g on g.site_id = s.site_id and g.sscc = s.package
    where s.package <> '' and s.quantity <> 0 and (g.site_id is null or g.shipment_id is not null or g.opened_at is not null)
    order by s.site_id, s.package, s.item_id limit 1`,
)

/** What left in a package, by line of its order. */
const packed = sql`
  -- every site: verification
  select g.site_id, g.shipment_id, g.sscc, m.line, m.part, m.item_id, sum(m.quantity)::bigint as quantity
  from package g
  join move m on m.site_id = g.site_id and m.document_id = g.order_id and m.cause = 'shipment' and m.from_package = g.sscc
  where g.shipment_id is not null
  group by g.site_id, g.shipment_id, g.sscc, m.line, m.part, m.item_id`

const packageWeightCheck = rowCheck(
  'package weights',
  'A package that was shipped weighs what the scale said, or else its carton and what left in it.',
  sql`
    -- every site: verification
    select 'package' as "table", t.site_id as site, 'package ' || t.sscc as key,
      format('It says %s mg; it is %s mg.', coalesce(t.weight_mg::text, 'unknown:'), coalesce(t.weight::text, 'unknown:')) as problem
    from (
      select g.site_id, g.sscc, g.weight_mg, coalesce(g.weighed_mg,
        g.carton_mg + case when bool_or(p.item_id is not null and i.weight_mg is null) then null
          else coalesce(sum(p.quantity * i.weight_mg), 0)::bigint end) as weight
      from package g
      left join (${packed}) p on p.site_id = g.site_id and p.sscc = g.sscc
      left join item i on i.item_id = p.item_id
      where g.shipment_id is not null
      group by g.site_id, g.sscc, g.weight_mg, g.weighed_mg, g.carton_mg
    ) t
    where t.weight_mg is distinct from t.weight
    order by t.site_id, t.sscc limit 1`,
)

/** Of all others nothing is said about weight, and they are the many. */
const boxedOrWeighed = sql`
  -- every site: verification
  select h.site_id, h.shipment_id, h.order_id from shipment h
  where h.weight_mg is not null or (h.site_id, h.shipment_id) in (select g.site_id, g.shipment_id from package g where g.shipment_id is not null)`

const shipmentWeightCheck = rowCheck(
  'shipment weights',
  'A shipment that has a weight has that of its packages and of its loose goods; no package carries more of a line than the shipment.',
  sql`
    -- every site: verification
    select 'shipment' as "table", t.site_id as site, format('shipment %s', t.shipment_id) as key,
      case when t.least < 0 then 'Its packages carry more than it does.'
        else format('It says %s mg; packages and loose goods come to %s mg.', t.weight_mg, coalesce(t.loose + t.boxed, 0)) end as problem
    from (
      select h.site_id, h.shipment_id, h.weight_mg, coalesce(g.weight, 0) as boxed, l.loose, l.least
      from shipment h
      left join (
        select site_id, shipment_id, sum(weight_mg)::bigint as weight from package where shipment_id is not null group by site_id, shipment_id
      ) g on g.site_id = h.site_id and g.shipment_id = h.shipment_id
      left join (
        select c.site_id, c.shipment_id, min(c.quantity - coalesce(p.quantity, 0)) as least,
          sum((c.quantity - coalesce(p.quantity, 0)) * coalesce(i.weight_mg, 0))::bigint as loose
        from shipment_line c
        join (${boxedOrWeighed}) s on s.site_id = c.site_id and s.shipment_id = c.shipment_id
        join planned_move m on m.site_id = c.site_id and m.document_id = s.order_id and m.line = c.line and m.part = c.part
        join item i on i.item_id = m.item_id
        left join (
          select site_id, shipment_id, line, part, sum(quantity)::bigint as quantity from (${packed}) b group by site_id, shipment_id, line, part
        ) p on p.site_id = c.site_id and p.shipment_id = c.shipment_id and p.line = c.line and p.part = c.part
        group by c.site_id, c.shipment_id
      ) l on l.site_id = h.site_id and l.shipment_id = h.shipment_id
    ) t
    where t.least < 0 or (t.weight_mg is not null and t.weight_mg is distinct from t.loose + t.boxed)
    order by t.site_id, t.shipment_id limit 1`,
)

/** The same price as `priceOf` (core/carrier.ts) in SQL; a pound and a kilogram in hundredths of a milligram. */
const priceCheck = rowCheck(
  'shipment prices',
  "A shipment that goes with a carrier's service costs what the service asks for its weight, and is promised for its day.",
  sql`
    -- every site: verification
    select 'shipment' as "table", h.site_id as site, format('shipment %s', h.shipment_id) as key,
      case
        when c.service_id is null then 'Its service does not exist.'
        when h.price_minor is distinct from t.price then format('It says that it cost %s; its service asks %s.', h.price_minor, t.price)
        else format('It says that it was promised for %s; its service promises %s.', h.promised_on, t.promised)
      end as problem
    from shipment h
    left join carrier_service c on c.service_id = h.service_id
    left join lateral (
      select greatest(c.minimum_minor,
          div(h.weight_mg::numeric * 100 * c.rate_minor + u.size - 1, u.size)::bigint) as price,
        (h.shipped_at at time zone 'UTC')::date + c.transit_days as promised
      from (select case c.rate_unit when 'LB' then 45359237 else 100000000 end::numeric as size) u
    ) t on true
    where h.service_id is not null and (c.service_id is null or h.price_minor is distinct from t.price or h.promised_on is distinct from t.promised)
    order by h.site_id, h.shipment_id limit 1`,
)

/** The order in which `trackingOf` (core/tracking.ts) takes them. */
const trackingCheck = rowCheck(
  'tracking',
  'What is told of a shipment is numbered without a gap; its state and its estimate are what the last of it says, and the proof of its delivery is there.',
  sql`
    -- every site: verification
    with told as (
      select e.*, array_position(${trackingKinds}::text[], e.kind) as rank,
        case when e.kind = 'delivered' then 2 when e.kind in ('came_back', 'lost') then 1 else 0 end as final
      from tracking_event e
    ), last as (
      select distinct on (site_id, shipment_id) site_id, shipment_id, kind from told
      order by site_id, shipment_id, final desc, occurred_at desc, rank desc, sequence desc
    ), estimate as (
      select distinct on (site_id, shipment_id) site_id, shipment_id, estimated_on from told where estimated_on is not null
      order by site_id, shipment_id, kind = 'delivered' desc, occurred_at desc, rank desc, sequence desc
    ), counted as (
      select site_id, shipment_id, count(*) as events, max(sequence) as last_sequence from tracking_event group by site_id, shipment_id
    )
    select case when h.site_id is null then 'tracking_event' else 'shipment' end as "table", site_id as site, format('shipment %s', shipment_id) as key,
      case
        when h.site_id is null then 'There is no such shipment.'
        when c.events <> c.last_sequence then format('Of %s events, %s are there.', c.last_sequence, c.events)
        else format('It says %s, expected %s; what was told of it says %s, expected %s.', h.state, coalesce(h.estimated_on::text, 'on no day'),
          coalesce(l.kind, 'nothing'), coalesce(e.estimated_on, h.promised_on)::text)
      end as problem
    from shipment h
    full join counted c using (site_id, shipment_id)
    left join last l using (site_id, shipment_id)
    left join estimate e using (site_id, shipment_id)
    where h.site_id is null or c.events <> c.last_sequence
      or (c.events is null and h.state not in ('shipped', 'delivered'))
      or (c.events is not null and h.state <> case l.kind when 'attempt_failed' then 'in_transit' else l.kind end)
      or (c.events is not null and h.estimated_on is distinct from coalesce(e.estimated_on, h.promised_on))
      or (h.state = 'delivered') <> (h.delivered_at is not null)
    order by site_id, shipment_id limit 1`,
)

/** What a line remembers of its shipments, as far as it was told at home. */
const rememberedCheck = (name: string, column: 'came_back' | 'lost', what: string): Check =>
  rowCheck(
    name,
    `What ${what} of a line is what its shipments say.`,
    sql`
    -- every site: verification
    select 'order_line' as "table", site_id as site, format('order %s, line %s', order_id, line) as key,
      format('It says that %s ${raw(what)}; its shipments say %s.', coalesce(l.quantity, 0), coalesce(t.quantity, 0)) as problem
    from (select site_id, order_id, line, ${raw(column)} as quantity from order_line where ${raw(column)} <> 0) l
    full join (
      select e.site_id, e.order_id, e.line, sum(e.quantity)::bigint as quantity
      from (
        select h.home_site_id as site_id, h.order_id, c.line, c.${raw(column)} as quantity
        from shipment_line c join shipment h on h.site_id = c.site_id and h.shipment_id = c.shipment_id where c.${raw(column)} <> 0
        union all
        select d.site_id, d.order_id, d.line, -d.${raw(column)} from (${told}) d where d.${raw(column)} <> 0
      ) e
      group by e.site_id, e.order_id, e.line
      having sum(e.quantity)::bigint <> 0
    ) t using (site_id, order_id, line)
    where coalesce(l.quantity, 0) <> coalesce(t.quantity, 0)
    order by site_id, order_id, line limit 1`,
  )

const cameBackCheck = rememberedCheck('came back', 'came_back', 'came back undelivered')
const lostCheck = rememberedCheck('lost', 'lost', 'was lost on the way')

export const storageGroups: readonly CheckGroup[] = [
  { checks: [packagesCheck, contentCheck, packageWeightCheck, shipmentWeightCheck] },
  { checks: [priceCheck, trackingCheck, cameBackCheck, lostCheck] },
]
