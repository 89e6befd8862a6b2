// Carriers' services, looked up for a request; they never change, so what is read here holds in the lane.

import type { CarrierService } from '../../core/carrier.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { sql } from '../db.ts'
import { servicesSelected } from '../lane/master.ts'
import type { Call } from './call.ts'

/** A service by code, for a shipment. */
export async function serviceOf({ context }: Pick<Call, 'context'>, code: string): Promise<CarrierService | Refusal> {
  const [found] = await context.database.query<CarrierService>(sql`${servicesSelected} where code = ${code}`)
  return found ?? refuse('service_not_known', 'service', `There is no service ${code}.`)
}
