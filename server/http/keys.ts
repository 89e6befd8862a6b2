// Keys: who a request comes from. A secret is known by its hash only; what was looked up is remembered for a second, so a revoked key
// stops at all servers within that time.

import { hash } from 'node:crypto'
import type { ApiKey } from '../../core/api-key.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import type { Clock } from '../clock.ts'
import { sql, type Database } from '../db.ts'

const FRESH_MILLISECONDS = 1_000
/** Unknown secrets are remembered too, up to so many entries in all. */
const REMEMBERED_MAX = 10_000

export class KeyRing {
  readonly #database: Database
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly key: ApiKey | undefined; readonly until: number }>()

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** The key of an `Authorization: Bearer ..` header. */
  async keyOf(authorization: string | undefined): Promise<ApiKey | Refusal> {
    if (authorization === undefined || !authorization.startsWith('Bearer ')) {
      return refuse('key_missing', 'Authorization', 'Send your API key: Authorization: Bearer qm_...')
    }
    const digest = hash('sha256', authorization.slice('Bearer '.length), 'hex')
    const known = this.#known.get(digest)
    const key = known !== undefined && known.until > this.#clock() ? known.key : await this.#lookUp(digest)
    return key ?? refuse('key_not_known', 'Authorization', 'This API key is not known, or was revoked.')
  }

  async #lookUp(digest: string): Promise<ApiKey | undefined> {
    const [key] = await this.#database.query<ApiKey>(sql`
      select api_key_id as "apiKey", name, encode(secret_sha256, 'hex') as "secretSha256", role, site_ids as sites, created_at as "createdAt",
        revoked_at as "revokedAt"
      from api_key where secret_sha256 = decode(${digest}, 'hex') and revoked_at is null`)
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(digest, { key, until: this.#clock() + FRESH_MILLISECONDS })
    return key
  }
}
