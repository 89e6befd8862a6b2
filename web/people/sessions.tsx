// Sessions: where somebody is signed in, told apart by what the browsers say of themselves.

import type { RowOf } from '../client.ts'
import { Badge } from '../ui/badge.tsx'
import { ago, instant } from '../ui/format.ts'
import { ShortTable } from '../ui/short-table.tsx'
import styles from './people.module.css'

const browsers = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const
const systems = [
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\b(?:Linux|X11)\b/, 'Linux'],
] as const

/** What a browser's own words come to: `Firefox on Windows`. */
function browserWord(browser: string): string {
  const named = (known: readonly (readonly [RegExp, string])[]): string | undefined => known.find(([pattern]) => pattern.test(browser))?.[1]
  return [named(browsers) ?? 'A browser', named(systems)].filter(Boolean).join(' on ')
}

export function Sessions({ rows }: { readonly rows: readonly RowOf<'listSessions'>[] }) {
  return (
    <ShortTable
      label="Sessions"
      columns={['Where', 'Since', 'Last used']}
      ends={3}
      rows={rows.map((row, index) => ({
        key: `${row.begunAt}/${index}`,
        cells: [
          <span key="where" className={styles['where']}>
            {browserWord(row.browser)}
            {row.current && <Badge tone="good">This one</Badge>}
          </span>,
          instant(row.begunAt),
          ago(row.usedAt, Date.now()),
        ],
      }))}
    />
  )
}
