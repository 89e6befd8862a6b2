// Provider: the port behind which a payment provider is. Whoever stands behind it promises one thing: what is asked under a key is done once, and asking
// again under the key gives the answer that was given. Everything else (how long it takes, whether the answer arrives) may go wrong.

import type { Money } from '../../core/money.ts'
import type { PaymentAction } from '../../core/payment.ts'

export interface ProviderRequest {
  readonly key: string
  readonly action: PaymentAction
  /** What the provider knows the customer's card or account by. */
  readonly token: string
  /** The provider's name for the authorisation, of all that comes after it. */
  readonly authorisation: string | null
  /** Minor units. */
  readonly amount: Money
  readonly currency: string
}

export type ProviderAnswer = { readonly outcome: 'done'; readonly reference: string } | { readonly outcome: 'declined'; readonly reason: string }

export interface PaymentProvider {
  /** Does it and answers; throws where it cannot be said whether it is done. */
  ask(request: ProviderRequest, signal: AbortSignal): Promise<ProviderAnswer>
}
