// Back-tests as pages read them: the last ones, and one of them, asked for again while anything is under way, which is no event of any site.

import { useQuery } from '@tanstack/react-query'
import { read, type Answer, type Problem, type RowOf } from '../client.ts'
import { live } from '../live.ts'

export type Run = RowOf<'listBacktests'>
export type OneRun = Answer<'getBacktest'>
export type Result = NonNullable<OneRun['results']>[number]

const LOOK_MILLISECONDS = 1_000

export const useBacktests = () =>
  useQuery<Answer<'listBacktests'>, Problem>({
    queryKey: ['backtests'],
    queryFn: ({ signal }) => read('/api/backtests', {}, signal),
    meta: live,
    refetchInterval: (asked) => (asked.state.data?.rows.some((row) => row.state === 'running') ? LOOK_MILLISECONDS : false),
  })

export const useBacktest = (id: string) =>
  useQuery<OneRun, Problem>({
    queryKey: ['backtests', id],
    queryFn: ({ signal }) => read('/api/backtests/{id}', { params: { id } }, signal),
    enabled: id !== '',
    meta: live,
    refetchInterval: (asked) => (asked.state.data?.state === 'running' ? LOOK_MILLISECONDS : false),
  })

export const whereOf = (run: Pick<Run, 'site'>): string => run.site ?? 'Every site'
