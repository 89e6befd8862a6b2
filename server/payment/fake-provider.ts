// Fake provider: a payment provider for tests and for a demonstration, which keeps its promise and moves no money. A token that begins with `declined`
// is declined when it is authorised. Its memory ends with the process, so a demonstration that is started again believes what it is told.

import type { PaymentProvider, ProviderAnswer, ProviderRequest } from './provider.ts'

export class FakeProvider implements PaymentProvider {
  readonly #answers = new Map<string, ProviderAnswer>()
  /** What was done, each once, in its order. */
  readonly done: ProviderRequest[] = []

  async ask(request: ProviderRequest): Promise<ProviderAnswer> {
    const known = this.#answers.get(request.key)
    if (known !== undefined) return known
    const answer = decided(request)
    this.#answers.set(request.key, answer)
    if (answer.outcome === 'done') this.done.push(request)
    return answer
  }
}

const decided = ({ action, token, key }: ProviderRequest): ProviderAnswer =>
  action === 'authorise' && token.startsWith('declined')
    ? { outcome: 'declined', reason: 'The card was declined.' }
    : { outcome: 'done', reference: `fake ${key}` }
