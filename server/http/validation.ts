// Validation: what a schema found wrong, told as a refusal: the first fault gives the code and the field, all of them are listed.

import type { z } from 'zod'
import { refusals, refuse, type Refusal, type RefusalCode } from '../../core/refusal.ts'

type Issue = z.core.$ZodIssue

const ERRORS_MAX = 50

export function refusalOfIssues(issues: readonly Issue[]): { readonly refusal: Refusal; readonly errors: readonly object[] } {
  const told = issues.slice(0, ERRORS_MAX).map((issue) => ({ code: codeOf(issue), field: fieldOf(issue), detail: issue.message }))
  const first = told[0] ?? { code: 'body_not_valid' as const, field: '', detail: 'The request is not valid.' }
  return { refusal: refuse(first.code, first.field, first.detail), errors: told }
}

function codeOf(issue: Issue): RefusalCode {
  const code: unknown = 'params' in issue ? (issue.params as { refusal?: unknown } | undefined)?.refusal : undefined
  return typeof code === 'string' && code in refusals ? (code as RefusalCode) : 'body_not_valid'
}

/** The field as people count: the first line is line 1. */
const fieldOf = (issue: Issue): string => issue.path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join('/')
