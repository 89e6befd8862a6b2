// Site: which site the pages are about. It stands in the address, so a link shows another person the same; without it, the last one used.

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { read, type Problem, type RowOf } from './client.ts'

export type Site = RowOf<'listSites'>

const REMEMBERED = 'quartermaster.site'

export function useSites() {
  return useQuery<readonly Site[], Problem>({ queryKey: ['sites'], queryFn: async ({ signal }) => (await read('/api/sites', {}, signal)).rows })
}

/** The code of the site that is looked at; empty as long as there is none. */
export function useSite(): string {
  const { site } = useSearch({ strict: false })
  const { data = [] } = useSites()
  const wanted = site ?? localStorage.getItem(REMEMBERED)
  return data.find((one) => one.code === wanted)?.code ?? data[0]?.code ?? ''
}

export function useChooseSite(): (site: string) => void {
  const navigate = useNavigate()
  return (site) => {
    localStorage.setItem(REMEMBERED, site)
    void navigate({ to: '.', search: (before) => ({ ...before, site }) })
  }
}
