// Problem: how a refusal is told over HTTP: an RFC 9457 problem document with a stable code, the field and a sentence.

import { refusals, type Refusal, type RefusalCode } from '../core/refusal.ts'

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: RefusalCode
  /** What was refused, as the caller named it. */
  readonly field: string
  readonly detail: string
}

export function problemOf({ refused, subject, detail }: Refusal): Problem {
  const title = refused.replaceAll('_', ' ')
  return { type: `urn:quartermaster:refusal:${refused}`, title, status: refusals[refused], code: refused, field: subject, detail }
}
