// Steps: what the company's people do, sent through the lanes with a key that follows from what it is. Whatever is refused ends the simulation: it only
// does what it knows to be possible.

import { hash } from 'node:crypto'
import { textOf, type Instant } from '../core/calendar.ts'
import type { SiteId } from '../core/item.ts'
import { submitAll, type Submission } from '../server/import/submit.ts'
import type { Opened } from '../server/open.ts'
import type { Command } from '../server/stages.ts'

/** A clock that only moves when the simulation says so. */
export interface SimulatedClock {
  now: number
}

export interface Step<Note = undefined> {
  readonly site: SiteId
  readonly at: Instant
  readonly command: Command
  /** A customer's own number. */
  readonly reference?: string
  readonly note: Note
}

export class Steps {
  readonly opened: Opened
  readonly #clock: SimulatedClock
  readonly #caller: string
  #sent = 0

  constructor(opened: Opened, clock: SimulatedClock, caller: string) {
    this.opened = opened
    this.#clock = clock
    this.#caller = caller
  }

  /** Sends steps in the order of the clock, which goes along, and waits for all answers. Returns how many there were. */
  async send<Note>(steps: Iterable<Step<Note>>, onAnswer: (body: string, step: Step<Note>) => void = () => undefined): Promise<number> {
    const before = this.#sent
    await submitAll(this.opened.lanes, this.#submissions(steps), ({ status, body }, { step }) => {
      if (status >= 300) throw new Error(`${step.command.kind} at site ${step.site} on ${textOf(step.at)} was refused: ${body}`)
      onAnswer(body, step)
    })
    return this.#sent - before
  }

  *#submissions<Note>(steps: Iterable<Step<Note>>): Generator<Submission & { readonly step: Step<Note> }> {
    for (const step of steps) {
      this.#clock.now = Math.max(this.#clock.now, step.at)
      this.#sent += 1
      const { command, reference = null, site } = step
      const key = `${textOf(step.at)}:${this.#sent}:${command.kind}`
      yield { site, step, request: { command, caller: this.#caller, key, sha256: hash('sha256', JSON.stringify(command), 'buffer'), reference } }
    }
  }
}
