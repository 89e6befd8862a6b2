// What every test that writes ends with: all invariants hold, or the test fails with the row that is against one.

import { verify, type Verification } from './verify.ts'
import type { Database } from './db.ts'
import type { ExportedHead } from './heads.ts'

export async function expectVerified(database: Database, sealKey: Buffer, heads: readonly ExportedHead[] = []): Promise<Verification> {
  const verification = await verify(database, { sealKey, heads })
  const failed = verification.checks.filter((check) => !check.ok)
  if (failed.length > 0) {
    const sentences = failed.map(({ name, offending: at }) => `${name}: ${at?.table} of site ${at?.site}, ${at?.key}: ${at?.problem}`)
    throw new Error(`The record does not verify.\n${sentences.join('\n')}`)
  }
  return verification
}
