// Reply: how answers are told: refusals as problem documents, answers of the lane as they are, for they are JSON text already.

import type { FastifyReply } from 'fastify'
import type { Refusal } from '../../core/refusal.ts'
import type { Answer } from '../lane.ts'
import { problemOf } from '../problem.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const PROBLEM_TYPE = 'application/problem+json'

export function tell(reply: FastifyReply, refusal: Refusal, errors?: readonly object[]): FastifyReply {
  const problem = problemOf(refusal)
  const told = errors === undefined || errors.length < 2 ? problem : { ...problem, errors }
  return tellText(reply.code(problem.status), JSON.stringify(told), PROBLEM_TYPE)
}

/** What a lane answered; `once` is added to a first answer, e.g. a secret that is kept nowhere. */
export function tellAnswer(reply: FastifyReply, { status, body, replayed }: Answer, once?: object): FastifyReply {
  if (replayed) reply.header('idempotent-replayed', 'true')
  if (status === 429 || status === 503) reply.header('retry-after', '1')
  const told = once !== undefined && !replayed && status < 300 ? JSON.stringify({ ...(JSON.parse(body) as object), ...once }) : body
  return tellText(reply.code(status), told, status < 300 ? JSON_TYPE : PROBLEM_TYPE)
}

/** JSON text, as it is. */
export const tellText = (reply: FastifyReply, text: string, type = JSON_TYPE): FastifyReply => reply.type(type).serializer(asIs).send(text)

const asIs = (payload: unknown): string => payload as string
