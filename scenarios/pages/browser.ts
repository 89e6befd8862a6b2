// Browser: Chromium as people use it, driven by playwright-core; and everything that a page must not do is written down: an error in the console, an
// exception, a request that failed, something that the policy of the server forbids.

import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser tells what the policy forbids in the console too, but not of every kind. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('policy: ' + event.effectiveDirective + ' forbids ' + (event.blockedURI || 'something inline') + ' at ' + event.sourceFile + ':' + event.lineNumber)
})`

const WAIT_MILLISECONDS_MAX = 10_000

export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const
export type Size = keyof typeof sizes
export type Looks = 'light' | 'dark'

export const hasChromium = (): boolean => existsSync(CHROMIUM)

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS, chromiumSandbox: false })

export interface Watched {
  readonly context: BrowserContext
  readonly page: Page
  /** What a page must not do, as it was told. */
  readonly faults: string[]
}

export async function openPage(browser: Browser, size: Size, looks: Looks): Promise<Watched> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: looks,
    locale: 'en-GB',
    timezoneId: 'UTC',
    hasTouch: size === 'phone',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MILLISECONDS_MAX)
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} ${new URL(message.location().url || 'about:blank').pathname}`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  await context.addInitScript({ content: TELL_VIOLATIONS })
  return { context, page, faults }
}

/** A refusal is an answer like any other, but the browser calls every 4xx an error: one that had to come is no fault, and one that did not is. */
export function expectRefused(faults: string[], status: number): void {
  const kept = faults.filter((fault) => !fault.includes(`responded with a status of ${status}`))
  if (kept.length === faults.length) faults.push(`Nothing was refused with ${status}.`)
  else faults.splice(0, faults.length, ...kept)
}
