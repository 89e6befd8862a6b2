// Stage: what the lane must know of a command: what to read for it, and the pure decision that answers it.

import type { Day, Instant } from '../core/calendar.ts'
import type { ItemId, PartyId, SiteId } from '../core/item.ts'
import type { Draft } from '../core/ledger.ts'
import type { PlaceId } from '../core/place.ts'
import type { Quantity } from '../core/quantity.ts'
import type { Refusal } from '../core/refusal.ts'
import type { Labelled } from '../core/stock.ts'
import type { AskedPlanning } from './lane/planning.ts'

export interface Needs {
  /** When the earliest happened of what the command tells; the lane finds it in the command. */
  readonly happenedAt?: Instant | undefined
  /** Orders and purchases by id: with their lines, planned moves, pegs, allocations and shipments. */
  readonly documents?: readonly string[]
  /** Purchases and work orders by id, or those that wait for these items: with all that their pegs lead to, up to customers' orders. */
  readonly supply?: { readonly documents?: readonly string[]; readonly items?: readonly ItemId[] }
  /** Transfers whose goods on their way to this site are wanted. */
  readonly arrivals?: readonly string[]
  /** Whether it is wanted what the documents' lines were priced with, and as what they were asked for. */
  readonly prices?: boolean
  /** Customers whose limit is wanted. Those of the documents' orders come by themselves. */
  readonly customers?: readonly PartyId[]
  /** Customers all of whose open orders are wanted. */
  readonly openOf?: readonly PartyId[]
  /** Exceptions that are answered: with whom they hurt. */
  readonly exceptions?: readonly string[]
  /** Items whose availability is read. Those of the documents' planned moves come by themselves. */
  readonly items?: readonly ItemId[]
  /** Whether stock rows, lots and values of these items are needed. */
  readonly stock?: boolean
  /** Of these lots and serials alone, and of their items besides only what is set aside. */
  readonly goods?: readonly Labelled[]
  /**
   * How much stock the command may free at most that others wait for, of all items together; Infinity where nobody knows before. What arrives for its
   * transfers counts by itself.
   */
  readonly frees?: number
  /** How much physical truth may take of an item although it is held; Infinity where a certain row is meant. */
  readonly takes?: readonly (readonly [ItemId, number])[]
  /** Whether supply may be planned, so that what waits is wanted with it. */
  readonly plansSupply?: boolean
  /** False where the command neither promises nor counts on what is to come: then nobody reads that. */
  readonly countsOnSupply?: false
  /** Whether holds that expired are wanted. */
  readonly expired?: boolean
  /** Codes of master data that must not exist yet, or that the command is about. */
  readonly codes?: {
    readonly items?: readonly string[]
    readonly parties?: readonly string[]
    readonly sites?: readonly string[]
    readonly places?: readonly string[]
    readonly services?: readonly string[]
    readonly keys?: readonly number[]
    readonly users?: readonly string[]
    /** By the hashes of their tokens. */
    readonly sessions?: readonly string[]
    /** Suppliers' offers of items. */
    readonly offers?: readonly { readonly item: ItemId; readonly supplier: PartyId }[]
    /** Items whose bills are wanted, with the bills of all that they are made of. */
    readonly bills?: readonly ItemId[]
    /** Whether it is wanted which sites supply which. */
    readonly siteSources?: readonly true[]
    /** Items whose recalls are wanted. */
    readonly recalls?: readonly ItemId[]
    /** Items that are kits, or in kits. */
    readonly kits?: readonly ItemId[]
    /** Items that something may be sent instead of. */
    readonly substitutes?: readonly ItemId[]
    /** Items whose units are wanted. */
    readonly units?: readonly ItemId[]
    /** Classes of customers by code, and customers that come into them. */
    readonly backorderClasses?: readonly { readonly code: string; readonly customers: readonly PartyId[] }[]
    /** Sites whose sourcing rules are wanted. */
    readonly sourcings?: readonly SiteId[]
    /** Rules of planning, adjustments of forecasts and runs. */
    readonly planning?: readonly AskedPlanning[]
    /** Back-tests, and those that are under way. */
    readonly backtests?: readonly string[]
  }
  /** Whether all places of the site must be known, e.g. to number a new one. */
  readonly everyPlace?: boolean
  /** Packages, tracking and returns of the documents, how long goods must live for their customers, and bins that had less of the items than recorded. */
  readonly storage?: {
    readonly packages?: true
    readonly tracking?: true
    readonly shortPicks?: true
    readonly returns?: true
    readonly minimumLife?: true
  }
  /** What changed value: what came in by documents, and moves of items after one. */
  readonly valuation?: {
    readonly came?: readonly { readonly document: string; readonly owner: PartyId }[]
    readonly since?: readonly { readonly item: ItemId; readonly owner: PartyId; readonly through: number }[]
    readonly pending?: readonly Day[]
  }
  /** Suppliers whose goods of an item may come in or be used, with their price. Those whose goods stand at the site come by themselves. */
  readonly consigned?: readonly { readonly item: ItemId; readonly owner: PartyId }[]
  /** Items whose moves after an instant are wanted, position by position. */
  readonly since?: readonly { readonly item: ItemId; readonly at: Instant }[]
  /** Count sheets, with what was entered; compared with the ledger, what that takes besides. */
  readonly countSheets?: readonly { readonly sheet: string; readonly isCompared: boolean }[]
  /** Items of which it is wanted what is believed, and whether that was raised. */
  readonly beliefs?: readonly ItemId[]
  /** Losses that are undone. */
  readonly losses?: readonly string[]
  /** Recalls whose marks on goods and work orders are wanted. */
  readonly recalled?: readonly string[]
  /** Places that the command names. */
  readonly places?: readonly PlaceId[]
}

/** A supplier's goods that a command names; nothing where they are ours. */
export const consignedBy = (item: ItemId, owner: PartyId | undefined): Pick<Needs, 'consigned'> =>
  owner === undefined ? {} : { consigned: [{ item, owner }] }

/** What lines bring in all, whatever their items. */
export const totalOf = (lines: readonly { readonly quantity: Quantity }[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)

export interface Stage<Command> {
  /** HTTP status of the answer when it is not a refusal. */
  readonly status: number
  needs(command: Command): Needs
  decide(command: Command, draft: Draft): object | Refusal
}
