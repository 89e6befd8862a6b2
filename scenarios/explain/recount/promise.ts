// Recount of a promise: which day the named events of the log and the kept rows say, what the customer was told last, and when the line can be expected
// by the named planned moves and pegs; and whether those are all that the line stands on, through every work order.

import { namesOff, type Page, type Raw, type Recounted } from './raw.ts'

export interface PromiseQuestion {
  readonly site: string
  readonly number: number
  readonly line: number
}

interface Planned {
  readonly site: string
  readonly document: string
  readonly line: number
  readonly part: number
}
interface Peg extends Planned {
  readonly for: Omit<Planned, 'site'>
}

const keyOf = ({ site, document, line, part }: Planned): string => [site, document, line, part].join(' ')
const pegKey = (peg: Peg): string => [keyOf(peg), peg.for.document, peg.for.line, peg.for.part].join(' ')

const orderRow = `
  select o.order_id::text, l.requested_on::text as requested, s.site_id::text
  from orders o join site s on s.site_id = o.site_id join order_line l on l.site_id = o.site_id and l.order_id = o.order_id
  where s.code = $1 and o.number = $2::bigint and l.line = $3::int`
const events = `
  select sequence::text, data::text, (recorded_at at time zone 'UTC')::date::text as day from outbox
  where site_id = $1::int and subject = $2 and type in ('order.placed', 'order.changed') order by outbox.sequence`
const given = `select promised_on::text as promised from promise where site_id = $1::int and order_id = $2::uuid and line = $3::int order by promise.number`
const later = `select number::text, promised_on::text as promised from later_promise where site_id = $1::int and order_id = $2::uuid and line = $3::int order by later_promise.number`

const planned = `
  select s.code || ' ' || p.document_id || ' ' || p.line || ' ' || p.part as key, s.code || ' ' || p.document_id as document, p.kind, p.due_on::text as due,
    (p.planned - p.posted - p.cancelled > 0)::text as open, (p.held + p.pegged < p.planned - p.posted - p.cancelled)::text as lacks, p.line::text, p.document_id::text as id
  from planned_move p join site s on s.site_id = p.site_id`
const pegs = `
  select s.code || ' ' || g.supply_document_id || ' ' || g.supply_line || ' ' || g.supply_part as supply,
    s.code || ' ' || g.demand_document_id || ' ' || g.demand_line || ' ' || g.demand_part as demand
  from peg g join site s on s.site_id = g.site_id`

export async function recountPromise(raw: Raw, question: PromiseQuestion, pages: readonly Page[]): Promise<Recounted> {
  const page = pages[0]!
  const [row] = await raw(orderRow, [question.site, question.number, question.line])
  if (row === undefined) return { figure: {}, faults: ['There is no such line.'] }
  const [order, home] = [row['order_id']!, row['site_id']!]
  const [promised, eventFaults] = await promisedDay(raw, page, { home, order, line: question.line })
  const told = await raw(later, [home, order, question.line])
  const faults = [
    ...eventFaults,
    ...namesOff(
      'The later promise',
      (page['later'] as { number: number }[]).map((one) => String(one.number)),
      told.map((one) => one['number']!),
    ),
  ]
  const [estimate, standFaults] = await estimated(raw, page, { order, line: question.line, requested: row['requested']! })
  return { figure: { promised, told: told.at(-1)?.['promised'] ?? promised, estimate }, faults: [...faults, ...standFaults] }
}

interface Line {
  readonly home: string
  readonly order: string
  readonly line: number
}

interface Logged {
  readonly line: number
  readonly promised?: string | null
  readonly after?: { readonly promised: string | null }
}

/** The day that the last of the named events says; without one, the first that was kept. */
async function promisedDay(raw: Raw, page: Page, { home, order, line }: Line): Promise<[string | null, readonly string[]]> {
  const [log, kept] = await Promise.all([raw(events, [home, order]), raw(given, [home, order, line])])
  const ofLine = log.flatMap((event) => {
    const data = JSON.parse(event['data']!) as { readonly lines: readonly Logged[]; readonly added?: readonly Logged[] }
    const one = [...data.lines, ...(data.added ?? [])].findLast((other) => other.line === line)
    return one === undefined
      ? []
      : [{ sequence: event['sequence']!, day: one.after ? one.after.promised : one.promised === undefined ? event['day']! : one.promised }]
  })
  const named = (page['events'] as { readonly sequence: number }[]).map((one) => String(one.sequence))
  const rows = (page['given'] as { readonly number: number | null; readonly promised: string | null }[]).filter((one) => one.number !== null)
  const faults = [
    ...namesOff(
      'Event',
      named,
      ofLine.map((one) => one.sequence),
    ),
    ...(rows.length === kept.length && rows.every((one, index) => one.promised === kept[index]!['promised'])
      ? []
      : ['What is told as given is not what was kept.']),
  ]
  const last = ofLine.findLast((one) => named.includes(one.sequence))
  return [last === undefined ? (kept[0]?.['promised'] ?? null) : last.day, faults]
}

/** When it can be expected by the rows that are named, which must be all that it stands on. */
async function estimated(
  raw: Raw,
  page: Page,
  { order, line, requested }: { order: string; line: number; requested: string },
): Promise<[string | null, readonly string[]]> {
  const demand = (page['demand'] as readonly Planned[]).map(keyOf)
  const pegged = page['pegs'] as readonly Peg[]
  const [rows, pegRows, own] = await Promise.all([
    raw(`${planned} where s.code || ' ' || p.document_id || ' ' || p.line || ' ' || p.part in (select json_array_elements_text($1::json))`, [
      JSON.stringify([...demand, ...pegged.map(keyOf)]),
    ]),
    raw(
      `${pegs} where s.code || ' ' || g.demand_document_id || ' ' || g.demand_line || ' ' || g.demand_part in (select json_array_elements_text($1::json))`,
      [JSON.stringify(demand)],
    ),
    raw(`${planned} where p.document_id = $1::uuid and p.line = $2::int and p.kind = 'order' and p.planned > p.posted + p.cancelled`, [order, line]),
  ])
  // What each named supply is made of: its open components must be named too.
  const components = await raw(
    `${planned} where p.kind = 'component' and p.planned > p.posted + p.cancelled and s.code || ' ' || p.document_id in (select json_array_elements_text($1::json))`,
    [JSON.stringify(pegged.map((peg) => `${peg.site} ${peg.document}`))],
  )
  const byKey = new Map(rows.map((row) => [row['key']!, row]))
  const faults = [
    ...namesOff(
      'The demand',
      demand,
      [...own, ...components].map((row) => row['key']!),
    ),
    ...namesOff(
      'The peg',
      pegged.map(pegKey),
      pegRows.map((row) => `${row['supply']} ${row['demand']!.split(' ').slice(1).join(' ')}`),
    ),
  ]
  if (own.length === 0) return [null, faults]
  if (demand.some((key) => byKey.get(key)?.['lacks'] !== 'false')) return [null, faults]
  const due = pegged.filter((peg) => peg.for.document === order && peg.for.line === line).map((peg) => byKey.get(keyOf(peg))!['due']!)
  return [[page['today'] as string, requested, ...due].reduce((a, b) => (a > b ? a : b)), faults]
}
