// Belief: what is probably there, whatever the record says. Goods that are stolen, broken or lost leave no move; what tells of them is how an item sells:
// that someone bought some, and that for days nobody did. Each item's belief (core/plan/filter) takes in whatever the ledger has of it, in the order in
// which it happened, and is brought forward to a moment only when something happens or somebody asks, so how events were batched changes nothing.
//
// What items have in common is learnt from all of them: how many lose goods fast, and where nobody tells it, how many customers come, reckoned from the time in which
// there was something to buy: who counts the days on an empty shelf believes that nobody wants it.

import { meanSize, PRIOR_DAYS_FIRST, quiet, sizeShareOf, spreadOf, wantedMore } from '../plan/filter/demand.ts'
import { Filter } from '../plan/filter/filter.ts'
import { MOMENTS } from '../plan/filter/moments.ts'
import { rateClasses, reweighed } from '../plan/filter/rates.ts'
import { Shard } from '../plan/filter/shard.ts'
import { learntFromEvery, type BeliefPrior } from './belief-prior.ts'
import {
  ITEM_NUMBERS,
  type BeliefOptions,
  type BeliefState,
  type DemandClock,
  type Evidence,
  type ItemNumber,
  type KnownDemand,
  type SharedBelief,
} from './belief-state.ts'

/** In so many days what was learnt of demand counts half. */
const HALF_LIFE_DAYS = 180
/** Items like so many speak for the shares of classes that were thought of first. */
const PRIOR_ITEMS = 20
/** A quantity that nobody would believe at once is sought up to so many units, and what sells in so many days. */
const [WIDE_UNITS, WIDE_DAYS] = [20, 30]

export class Beliefs {
  readonly #prior: BeliefPrior
  readonly #clock: DemandClock
  readonly #shard: Shard
  readonly #rates: readonly number[]
  readonly #first: readonly number[]
  #weights: readonly number[]
  /** Of the weights that an item's belief was made with. */
  readonly #version: Uint16Array
  readonly #versions: (readonly number[])[]
  readonly #columns: Readonly<Record<ItemNumber, Float64Array>>
  readonly #at: Float64Array
  readonly #customers: Float64Array
  readonly #exposed: Float64Array
  /** Of the days since goods last came, those on which it was thought that there were none; and the same whether anybody wanted any or not. */
  readonly #doubted: Float64Array
  readonly #emptied: Float64Array
  /** Of the customers, those who ordered: that none of them comes says nothing of a shelf that they do not see. */
  readonly #ordered: Float64Array
  /** The probability that nobody wants it any more, where there is some: of what nobody has bought for long. */
  readonly #ended: Float64Array
  /** What a forecast says of customers a day and of what each wants; not a number where there is none. */
  readonly #expected: Float64Array
  readonly #expectedShare: Float64Array
  readonly #filter: Filter
  readonly #losses: Float64Array
  readonly #cases: Float64Array
  readonly #classes: Float64Array
  readonly #firstShelfShare: number
  #sold: { units: number; sales: number }
  #size = { mean: 1, share: 0 }
  #orderedSales: number
  #meanCustomers: number
  #priorDays: number
  /** Of what was asked for last: the probability that somebody still wants it, where there is some. */
  wantedStill = 1
  /** And for how many days there was probably none, since goods last came. */
  emptyDays = 0
  /** Items whose belief an event proved wrong: there was more than anybody could have believed. */
  readonly surprises: { readonly item: number; readonly at: number }[] = []

  constructor(prior: BeliefPrior, items: number, options: BeliefOptions = {}) {
    const { clock = (from, to) => to - from, customersPerDay = 1, firstShelfShare = 1, shared } = options
    const { rates, weights } = rateClasses(prior.shape)
    this.#prior = prior
    this.#clock = clock
    this.#rates = rates
    this.#first = weights
    this.#weights = shared?.weights ?? weights
    this.#versions = [this.#weights]
    this.#version = new Uint16Array(items)
    this.#shard = new Shard(rates.length, items)
    this.#columns = Object.fromEntries(ITEM_NUMBERS.map((name) => [name, new Float64Array(items)])) as Record<ItemNumber, Float64Array>
    this.#at = this.#columns.at
    this.#customers = this.#columns.customers
    this.#exposed = this.#columns.exposed
    this.#doubted = this.#columns.doubted
    this.#emptied = this.#columns.emptied
    this.#ordered = this.#columns.ordered
    this.#ended = this.#columns.ended
    this.#expected = this.#columns.expected.fill(Number.NaN)
    this.#expectedShare = this.#columns.expectedShare
    this.#filter = options.filter ?? new Filter(rates.length)
    this.#losses = new Float64Array(rates.length)
    this.#cases = new Float64Array(rates.length)
    this.#classes = new Float64Array(rates.length)
    this.#firstShelfShare = firstShelfShare
    this.#sold = { units: 0, sales: 0, ...shared?.sold }
    this.#orderedSales = shared?.ordered ?? 0
    this.#meanCustomers = shared?.meanCustomers ?? customersPerDay
    this.#priorDays = shared?.priorDays ?? PRIOR_DAYS_FIRST
  }

  /** A forecast of an item's demand, in place of what is learnt. */
  expect(item: number, { customersPerDay, sizeShare }: KnownDemand): void {
    this.#expected[item] = customersPerDay
    this.#expectedShare[item] = sizeShare
  }

  /** Begins with a quantity that is known. */
  open(item: number, units: number, at: number): void {
    this.#filter.know(units, this.#weights)
    this.#at[item] = at
    this.#keep(item)
  }

  sell(item: number, units: number, at: number): void {
    this.#bring(item, at)
    const { sizeShare } = this.demandOf(item)
    if (!this.#filter.sell(units, wantedMore(sizeShare, units), this.#misreadOf(item))) this.#doubt(item, at)
    this.#served(item, units)
    this.#keep(item)
  }

  /** Sent to somebody who ordered: there were as many, and he would have ordered whatever the shelf looked like. */
  send(item: number, units: number, at: number): void {
    this.#bring(item, at)
    if (!this.#filter.take(units)) this.#doubt(item, at)
    this.#served(item, units)
    this.#ordered[item]! += 1
    this.#orderedSales += 1
    this.#keep(item)
  }

  /** Returns for how many days before there was probably none. */
  receive(item: number, units: number, at: number): number {
    this.#bring(item, at)
    // Of an empty shelf silence said nothing.
    this.#ended[item]! *= 1 - this.#filter.empty
    this.#filter.receive(units)
    return this.#keepSeen(item)
  }

  /** Goods that left and were seen to: a loss that was entered, a transfer. */
  take(item: number, units: number, at: number): void {
    this.#bring(item, at)
    if (!this.#filter.take(units)) this.#doubt(item, at)
    this.#keep(item)
  }

  /** Returns for how many days before there was probably none, as far as none were found. */
  count(item: number, units: number, at: number): number {
    this.#bring(item, at)
    const { share, spread } = this.#prior.countError
    this.#filter.classesInto(this.#classes)
    if (!this.#filter.count(units, share, spread, this.#classes)) this.surprises.push({ item, at })
    if (units > 0) this.#wasThere(item)
    return this.#keepSeen(item)
  }

  /** Something was seen that is as likely as `chanceOf` each quantity. False where none of what is believed makes it possible: then it is left. */
  weigh(item: number, chanceOf: (units: number) => number, at: number): boolean {
    this.#bring(item, at)
    const isPossible = this.#filter.weigh(chanceOf)
    if (!isPossible) this.surprises.push({ item, at })
    this.#keep(item)
    return isPossible
  }

  /** So many and no others, whatever was believed; what its rate is stays believed. */
  know(item: number, units: number): void {
    this.#load(item)
    this.#filter.classesInto(this.#classes)
    this.#filter.know(units, this.#classes)
    this.#keep(item)
  }

  /** The probability of each quantity from `low` up at a moment, as things stand. Asking changes nothing: whether somebody asked, and when, is never seen. */
  at(item: number, at: number): Filter {
    const columns = [this.#at, this.#customers, this.#exposed, this.#doubted, this.#emptied, this.#ordered, this.#ended]
    const before = columns.map((column) => column[item]!)
    this.#bring(item, at)
    this.wantedStill = 1 - this.#ended[item]!
    this.emptyDays = this.#emptied[item]!
    for (const [index, column] of columns.entries()) column[item] = before[index]!
    return this.#filter
  }

  readonly has = (item: number): boolean => this.#shard.has(item)

  /** Brings a belief forward for good; what comes later starts from there. */
  settle(item: number, at: number): Filter {
    this.#bring(item, at)
    this.#keep(item)
    return this.#filter
  }

  /** What is known of an item's customers, or learnt. */
  demandOf(item: number): KnownDemand {
    if (this.#isExpected(item)) return { customersPerDay: this.#expected[item]!, sizeShare: this.#expectedShare[item]! }
    const customersPerDay = (this.#customers[item]! + this.#priorDays * this.#meanCustomers) / (this.#exposed[item]! + this.#priorDays)
    return { customersPerDay, sizeShare: this.#sizeShare }
  }

  /** How many units of an item go unseen a day, on average of what is believed. */
  lossPerDay(item: number, believed: Filter): number {
    believed.classesInto(this.#classes)
    const mean = this.#rates.reduce((sum, rate, index) => sum + rate * this.#classes[index]!, 0)
    return mean * this.#meanLoss(this.demandOf(item))
  }

  /** Learns how many items lose goods fast, and how many customers an average item has, from what is believed of all of them now. */
  learn(items: number): void {
    const every = learntFromEvery(items)
    const all: Evidence[] = []
    for (let item = 0; item < items; item += every) if (this.#shard.has(item)) all.push(this.evidenceOf(item))
    this.learnFrom(all)
  }

  evidenceOf(item: number): Evidence {
    this.#load(item)
    this.#filter.classesInto(this.#classes)
    return { classes: [...this.#classes], customers: this.#customers[item]!, exposed: this.#exposed[item]! }
  }

  learnFrom(all: readonly Evidence[], first = this.#first): void {
    if (all.length === 0) return
    this.#weights = reweighed(
      first,
      this.#weights,
      all.map((one) => one.classes),
      PRIOR_ITEMS,
    )
    this.#versions.push(this.#weights)
    const demands = all.filter((one) => one.exposed > PRIOR_DAYS_FIRST).map(({ customers, exposed }) => [customers, exposed] as const)
    if (demands.length > 1) [this.#meanCustomers, this.#priorDays] = spreadOf(demands)
  }

  /** What all items have in common now. */
  get shared(): SharedBelief {
    const [weights, sold, meanCustomers] = [this.#weights, { ...this.#sold }, this.#meanCustomers]
    return { weights, sold, ordered: this.#orderedSales, meanCustomers, priorDays: this.#priorDays }
  }

  /** All that is believed of an item; with what is shared, another may go on from it as if it had been there all the time. */
  stateOf(item: number): BeliefState {
    this.#shard.load(item, this.#filter)
    const { isWide, grid, moments } = this.#filter
    const [low, cells] = isWide ? [moments.low, 0] : [grid.low, grid.cells]
    const masses = new Float32Array((isWide ? MOMENTS : cells) * this.#rates.length)
    if (isWide) moments.store(masses, 0)
    else grid.store(masses, 0, cells)
    return {
      low,
      cells,
      ...(Object.fromEntries(ITEM_NUMBERS.map((name) => [name, this.#columns[name][item]!])) as Record<ItemNumber, number>),
      weights: this.#versions[this.#version[item]!]!,
      masses,
    }
  }

  restore(item: number, state: BeliefState): void {
    const { low, cells, masses } = state
    this.#filter.begin(low, cells, cells === 0)
    if (cells === 0) this.#filter.moments.load(masses, 0)
    else this.#filter.grid.load(masses, 0, cells)
    this.#shard.store(item, this.#filter)
    for (const name of ITEM_NUMBERS) this.#columns[name][item] = state[name]
    this.#version[item] = this.#versionOf(state.weights)
  }

  /** Of what each customer wants, as all sales tell it: worked out when they have changed. */
  get #sizeShare(): number {
    const mean = this.#sold.sales === 0 ? 1 : this.#sold.units / this.#sold.sales
    if (mean !== this.#size.mean) this.#size = { mean, share: sizeShareOf(mean) }
    return this.#size.share
  }

  get bytes(): number {
    return this.#shard.bytes
  }

  /** The number under which these weights are known; what is believed now bears the last. */
  #versionOf(weights: readonly number[]): number {
    const known = this.#versions.findLastIndex((some) => isSame(some, weights))
    if (known !== -1) return known
    this.#versions.unshift(weights)
    for (let item = 0; item < this.#version.length; item += 1) this.#version[item]! += 1
    return 0
  }

  #served(item: number, units: number): void {
    this.#customers[item]! += 1
    this.#ended[item] = 0
    this.#sold.units += units
    this.#sold.sales += 1
    this.#wasThere(item)
  }

  /** Of an item's customers, the share who come to the shelf: one of its own sales counts as much as what the site's others say. */
  #shelfShareOf(item: number): number {
    if (this.#orderedSales === 0 && this.#sold.sales > 0) return 1
    const others = this.#sold.sales === 0 ? this.#firstShelfShare : 1 - this.#orderedSales / this.#sold.sales
    return (this.#customers[item]! - this.#ordered[item]! + others) / (this.#customers[item]! + 1)
  }

  #isExpected(item: number): boolean {
    return !Number.isNaN(this.#expected[item]!)
  }

  /** Nothing came since and there is some: there was all the time, and those who did not come did not want it. */
  #wasThere(item: number): void {
    this.#exposed[item]! += this.#doubted[item]!
    this.#doubted[item] = this.#emptied[item] = 0
  }

  /** How many customers come if there is something to buy: had there been all the time, so many did not come. */
  #whereThere(item: number, demand: KnownDemand): KnownDemand {
    if (this.#isExpected(item)) return demand
    const days = this.#exposed[item]! + this.#priorDays
    return { ...demand, customersPerDay: (demand.customersPerDay * days) / (days + this.#doubted[item]!) }
  }

  /** The chance that a sale was another item's: anything is read as this as often as any other, so of what seldom sells more is wrong. */
  #misreadOf(item: number): number {
    const { misread } = this.#prior
    const wrong = misread * this.#meanCustomers
    return misread === 0 ? 0 : wrong / (wrong + (1 - misread) * this.demandOf(item).customersPerDay)
  }

  #meanLoss({ customersPerDay, sizeShare }: KnownDemand): number {
    return this.#prior.lossShare * customersPerDay * meanSize(sizeShare)
  }

  /** With the shares of classes that are known now. */
  #load(item: number): void {
    this.#shard.load(item, this.#filter)
    const before = this.#versions[this.#version[item]!]!
    if (!isSame(before, this.#weights)) this.#filter.reweigh(before, this.#weights)
  }

  #keep(item: number): void {
    this.#version[item] = this.#versions.length - 1
    this.#shard.store(item, this.#filter)
  }

  /** After it was seen; for how many days before it was probably not there. */
  #keepSeen(item: number): number {
    const days = this.#emptied[item]!
    this.#doubted[item] = this.#emptied[item] = 0
    this.#keep(item)
    return days
  }

  /** Forward to a moment: what may have gone, and that nobody bought. What is told late counts from now. */
  #bring(item: number, at: number): void {
    this.#load(item)
    const from = this.#at[item]!
    if (at <= from) return
    const { misread, cases, hidden } = this.#prior
    const known = this.demandOf(item)
    const { customersPerDay, sizeShare } = this.#whereThere(item, known)
    const exposure = this.#clock(from, at)
    const [meanLoss, single] = [this.#meanLoss(known), 1 - (cases?.share ?? 0)]
    // What is sold as something else leaves just so, whatever the class.
    const passed = misread * customersPerDay * meanSize(sizeShare)
    for (let one = 0; one < this.#rates.length; one += 1) {
      this.#losses[one] = meanLoss * this.#rates[one]! * single + passed
      this.#cases[one] = cases ? (meanLoss * this.#rates[one]! * cases.share) / cases.units : 0
    }
    const [days, before] = [at - from, this.#filter.empty]
    const wanted = customersPerDay * exposure * (1 - misread) * (1 - hidden) * this.#shelfShareOf(item)
    const endedBefore = this.#ended[item]!
    const [customers, ended] = quiet(endedBefore, this.#prior.ends * days, wanted)
    this.#ended[item] = ended
    this.#filter.silence({ days, customers, lossPerDay: this.#losses, cases: cases && { perDay: this.#cases, units: cases.units } })
    const forgotten = 0.5 ** (days / HALF_LIFE_DAYS)
    // When nobody wants it any more, that nobody came says nothing of how many used to.
    const counts = exposure * (1 - (endedBefore + ended) / 2)
    const empty = (before + this.#filter.empty) / 2
    const doubted = counts * empty
    this.#customers[item]! *= forgotten
    this.#ordered[item]! *= forgotten
    this.#exposed[item] = this.#exposed[item]! * forgotten + counts - doubted
    this.#doubted[item]! += doubted
    this.#emptied[item]! += days * empty
    this.#at[item] = at
  }

  /** Something left that could not have been there: from now on anything may be. */
  #doubt(item: number, at: number): void {
    this.surprises.push({ item, at })
    this.#filter.classesInto(this.#classes)
    const { customersPerDay, sizeShare } = this.demandOf(item)
    this.#filter.knowNothing(0, Math.round(WIDE_UNITS + WIDE_DAYS * customersPerDay * meanSize(sizeShare)), this.#classes.slice())
  }
}

const isSame = (some: readonly number[], others: readonly number[]): boolean => some === others || some.every((one, index) => one === others[index])
