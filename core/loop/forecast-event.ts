// Forecast, events: promotions, holidays and closed days as people know them beforehand. What they do to demand is learnt by their names (forecast-known.ts).

import { addDays, day_ms, startOf } from '../calendar.ts'
import { announce, type Draft } from '../ledger.ts'
import { eventGroup, type DemandEvent } from '../planning.ts'
import { refuse, type Refusal } from '../refusal.ts'

/** An event longer than that is no event, and farther ahead nobody plans. */
export const EVENT_DAYS_MAX = 92
export const EVENT_AHEAD_DAYS_MAX = 730

/** An event with the codes of its site and item, for people. */
export interface NamedEvent extends Omit<DemandEvent, 'maker' | 'madeAt' | 'undoneAt'> {
  readonly siteCode: string | null
  readonly sku: string | null
}

export interface CreateDemandEvents {
  readonly kind: 'createDemandEvents'
  readonly events: readonly NamedEvent[]
}

/** Says what is known of days; the next plan learns from those that are past and counts on those to come. All or none. */
export function createDemandEvents({ events }: CreateDemandEvents, draft: Draft): object | Refusal {
  for (const [index, { siteCode, sku, ...event }] of events.entries()) {
    const wrong = wrongWith(event, index + 1, draft)
    if (wrong !== undefined) return wrong
    draft.demandEvent.put({ ...event, maker: draft.actor, madeAt: draft.state.now, undoneAt: null })
    const { event: id, kind, name, from, to, category } = event
    announce(draft, { type: 'demand.event_made', subject: id, data: { kind, name, from, to, site: siteCode, sku, category } })
  }
  return { events: events.map(({ event }) => event) }
}

function wrongWith(event: Omit<DemandEvent, 'maker' | 'madeAt' | 'undoneAt'>, number: number, draft: Draft): Refusal | undefined {
  const { from, to, site, item, category } = event
  const at = (field: string): string => `events/${number}/${field}`
  if (to < from) return refuse('date_not_valid', at('to'), 'An event ends on the day it begins, or later.')
  if ((startOf(to) - startOf(from)) / day_ms >= EVENT_DAYS_MAX)
    return refuse('date_not_valid', at('to'), `An event has at most ${EVENT_DAYS_MAX} days.`)
  if (to > addDays(draft.state.today, EVENT_AHEAD_DAYS_MAX))
    return refuse('date_not_valid', at('to'), `Demand is forecast for ${EVENT_AHEAD_DAYS_MAX} days.`)
  const other = draft.demandEvent
    .of(eventGroup(event))
    .find((one) => one.site === site && one.item === item && one.category === category && one.from <= to && from <= one.to)
  if (other === undefined) return undefined
  return refuse('event_overlaps', at('from'), `${other.name} is there already from ${other.from} to ${other.to}, for the same.`)
}

export interface UndoDemandEvent {
  readonly kind: 'undoDemandEvent'
  readonly event: string
}

/** Takes an event back, as if it had never been said; once is enough. */
export function undoDemandEvent({ event: id }: UndoDemandEvent, draft: Draft): object | Refusal {
  const event = draft.demandEvent.get(id)
  if (event === undefined) return refuse('event_not_known', 'id', 'There is no such event.')
  if (event.undoneAt === null) {
    draft.demandEvent.put({ ...event, undoneAt: draft.state.now })
    announce(draft, { type: 'demand.event_undone', subject: id, data: { name: event.name, from: event.from } })
  }
  return { id }
}
