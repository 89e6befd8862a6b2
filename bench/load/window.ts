// Window: the seconds in which answers count. Before it, everything warms up; after it, what is under way is still answered.

import type { LoadResult } from '../load.ts'

/** Latencies remembered at most. */
export const LATENCIES_MAX = 2_000_000

export class Window {
  #open = false
  #acknowledged = 0
  #refused = 0
  #refusal: string | null = null
  #orders = 0
  readonly #latencies_ms: number[] = []

  refused(orders: number, answer: string): void {
    this.#refused += orders
    this.#refusal ??= answer
  }

  /** Some orders were answered with 201; `latency_ms` where each is known alone. */
  accepted(orders: number, latency_ms?: number): void {
    this.#acknowledged += orders
    if (!this.#open) return
    this.#orders += orders
    if (latency_ms !== undefined && this.#latencies_ms.length < LATENCIES_MAX) this.#latencies_ms.push(latency_ms)
  }

  /** Opens it for some time, and returns how to ask for what was answered once the rest has come. */
  async measure(milliseconds: number): Promise<() => LoadResult> {
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    this.#open = true
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    this.#open = false
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(cpu)
    return () => ({
      orders: this.#orders,
      seconds,
      acknowledged: this.#acknowledged,
      refused: this.#refused,
      refusal: this.#refusal,
      client_cpu_ms: (user + system) / 1000,
      latency_ms: latencies(this.#latencies_ms),
    })
  }
}

export function latencies(measured_ms: readonly number[]): LoadResult['latency_ms'] {
  if (measured_ms.length === 0) return null
  const sorted = Float64Array.from(measured_ms).toSorted()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1)! }
}
