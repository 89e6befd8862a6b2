// Order credit, the shell: setting a limit needs all that the customer has open.

import { setCredit, type SetCredit } from '../../core/flow/order-credit.ts'
import type { Stage } from '../stage.ts'

export const setCreditStage: Stage<SetCredit> = {
  status: 200,
  needs: ({ customer }) => ({ openOf: [customer], customers: [customer] }),
  decide: setCredit,
}
