// Pages: the console in a real browser against a real server on a real PostgreSQL: `npm run test:web`. People do their work in it, axe looks at every
// page in light and dark, and any error in the browser's console, any request that broke and anything the policy forbids is a failure.
//
// Ends with one line of JSON, and with 1 when something was found. Without Chromium it says that it did not run.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { makeKey } from '../../cli/key.ts'
import { openServer } from '../../server/open.ts'
import { removeTemporary } from '../../server/postgres/temporary.ts'
import { Caller } from '../rig/caller.ts'
import { folderOfRun, startServerProcess } from '../rig/server-process.ts'
import { violationsOf } from './accessible.ts'
import { hasChromium, launch, openPage, type Looks, type Size, type Watched } from './browser.ts'
import { ANN, EMPTY_SITE, furnish, IN_STOCK, SAM, SITE, WES, type Documents } from './company.ts'
import { firstRouteBytes, firstRouteBytesMax } from './size.ts'
import * as floor from './floor.ts'
import * as story from './story.ts'

const house = join(import.meta.dirname, '..', '..')

/** Every page, with data and without. */
const pagesOf = ({ purchase, workOrder, shipment, transfer, picked }: Documents): Readonly<Record<string, string>> => ({
  overview: `/?site=${SITE}`,
  'overview-empty': `/?site=${EMPTY_SITE}`,
  orders: `/orders?site=${SITE}`,
  'orders-empty': `/orders?site=${EMPTY_SITE}`,
  order: `/orders/${SITE}-1?site=${SITE}`,
  'order-unknown': `/orders/${SITE}-999?site=${SITE}`,
  'new-order': `/orders/new?site=${SITE}`,
  items: `/items?site=${SITE}`,
  'items-not-found': `/items?site=${SITE}&search=nothing-like-this`,
  item: `/items/${IN_STOCK.sku}?site=${SITE}`,
  stock: `/stock?site=${SITE}`,
  'stock-by-place': `/stock?site=${SITE}&by=place`,
  'stock-empty': `/stock?site=${EMPTY_SITE}`,
  exceptions: `/exceptions?site=${SITE}`,
  'exceptions-empty': `/exceptions?site=${EMPTY_SITE}`,
  shortages: `/shortages?site=${SITE}`,
  'shortages-empty': `/shortages?site=${EMPTY_SITE}`,
  purchases: `/purchases?site=${SITE}`,
  'purchases-empty': `/purchases?site=${EMPTY_SITE}`,
  purchase: `/purchases/${purchase}?site=${SITE}`,
  'work-orders': `/work-orders?site=${SITE}`,
  'work-orders-empty': `/work-orders?site=${EMPTY_SITE}`,
  'work-order': `/work-orders/${workOrder}?site=${SITE}`,
  shipments: `/shipments?site=${SITE}`,
  'shipments-empty': `/shipments?site=${EMPTY_SITE}`,
  shipment: `/shipments/${shipment}?site=${SITE}`,
  picks: `/picks?site=${SITE}`,
  'picks-empty': `/picks?site=${EMPTY_SITE}`,
  pick: `/picks/${picked}?site=${SITE}`,
  transfers: `/transfers?site=${SITE}`,
  'transfers-empty': `/transfers?site=${EMPTY_SITE}`,
  transfer: `/transfers/${transfer}?site=${SITE}`,
  places: `/places?site=${SITE}`,
  place: `/places/DOCK?site=${SITE}`,
  'place-empty': `/places/DOCK?site=${EMPTY_SITE}`,
  counts: `/counts?site=${SITE}`,
  'counts-empty': `/counts?site=${EMPTY_SITE}`,
  losses: `/losses?site=${SITE}`,
  'losses-empty': `/losses?site=${EMPTY_SITE}`,
  'no-such-page': '/nowhere',
})

type View = readonly [size: Size, looks: Looks]
/** Each size and each look once; for pictures, every one of them. */
const each: readonly View[] = [
  ['desktop', 'light'],
  ['phone', 'dark'],
]
const every: readonly View[] = [...each, ['desktop', 'dark'], ['phone', 'light']]

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, pictures: { type: 'string' } } })
const note = (text: string): void => void (values.json || process.stderr.write(`${text}\n`))
const found: string[] = []

if (hasChromium()) process.exitCode = await run()
else {
  process.stdout.write('not run: pages in a browser, which need Chromium (apt-get install chromium, or CHROMIUM=its path)\n')
  // Where the machine checks every change it must be there, so that a green run never hides a missing one.
  if (process.env['CI'] === 'true') process.exitCode = 1
}

async function run(): Promise<0 | 1> {
  const began = performance.now()
  const folder = await folderOfRun()
  const secret = await withDatabase(folder)
  const server = await startServerProcess(folder)
  const caller = new Caller(secret, 4)
  const browser = await launch()
  try {
    const documents = await furnish(caller, server.url)
    const bytes = firstRouteBytes(join(house, 'web', 'dist'))
    if (bytes > firstRouteBytesMax) found.push(`The first route takes ${bytes} bytes, more than ${firstRouteBytesMax}.`)
    const chapters = await tell(browser, server.url, caller)
    const looked = await lookAtEveryPage(browser, server.url, pagesOf(documents))
    found.push(...server.faults)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    if (found.length > 0) process.stderr.write(`${found.join('\n')}\n`)
    process.stdout.write(`${JSON.stringify({ chapters, looked, found: found.length, first_route_bytes: bytes, seconds })}\n`)
    return found.length === 0 ? 0 : 1
  } finally {
    await browser.close()
    caller.close()
    await server.stop()
    await removeTemporary(folder)
  }
}

async function withDatabase(folder: string): Promise<string> {
  const opened = await openServer({ folder })
  try {
    return (await makeKey(opened, { name: 'Pages', role: 'admin', sites: [] })).secret
  } finally {
    await opened.close()
  }
}

/** People at work, one chapter after the other; a chapter that fails does not keep the next from being told. */
async function tell(browser: Browser, url: string, caller: Caller): Promise<number> {
  let told = 0
  const chapter = async (watched: Watched, name: string, work: (teller: story.Teller) => Promise<unknown>): Promise<void> => {
    told += 1
    note(name)
    await work({ ...watched, url, caller }).catch((error: unknown) =>
      found.push(`${name}: ${error instanceof Error ? error.message : String(error)}`),
    )
    found.push(...watched.faults.splice(0).map((fault) => `${name}: ${fault}`))
  }
  const ann = await openPage(browser, 'desktop', 'light')
  await chapter(ann, 'A wrong password is told, and nothing else', (teller) => story.aWrongPasswordIsToldAndNothingElse(teller, ANN))
  await chapter(ann, 'Ann signs in', (teller) => story.signIn(teller, ANN))
  await chapter(ann, 'An order is placed and taken to its delivery', story.anOrderIsPlacedAndTakenToItsDelivery)
  await chapter(ann, 'What others do is seen at once', story.whatOthersDoIsSeenAtOnce)
  await chapter(ann, 'A field that is refused says why', story.aFieldThatIsRefusedSaysWhy)
  await chapter(ann, 'A session that ends in the middle loses nothing', (teller) => story.aSessionThatEndsInTheMiddleLosesNothing(teller, ANN))
  await chapter(ann, 'A line that breaks neither loses nor doubles', story.aLineThatBreaksNeitherLosesNorDoubles)
  await chapter(ann, 'The keyboard goes everywhere', story.theKeyboardGoesEverywhere)
  await chapter(ann, 'A transfer is asked for and called off', floor.aTransferIsAskedForAndCalledOff)
  await chapter(ann, 'A count is blind and then told', floor.aCountIsBlindAndThenTold)
  await ann.context.close()
  const sam = await openPage(browser, 'phone', 'dark')
  await chapter(sam, 'Sam signs in on a phone', (teller) => story.signIn(teller, SAM))
  await chapter(sam, 'Who only sells is offered only that', story.whoOnlySellsIsOfferedOnlyThat)
  await sam.context.close()
  const wes = await openPage(browser, 'phone', 'light')
  await chapter(wes, 'Wes signs in on a phone', (teller) => story.signIn(teller, WES))
  await chapter(wes, 'Goods go from the dock to the door with one thumb', floor.goodsGoFromTheDockToTheDoor)
  await chapter(wes, 'A transfer that comes short is received as it came', floor.aTransferThatComesShortIsReceivedAsItCame)
  await wes.context.close()
  return told
}

async function lookAtEveryPage(browser: Browser, url: string, pages: Readonly<Record<string, string>>): Promise<number> {
  let looked = 0
  for (const [size, looks] of values.pictures === undefined ? each : every) {
    const watched = await openPage(browser, size, looks)
    await watched.page.goto(url)
    looked += await lookAt(watched, 'sign-in', size, looks)
    await story.signIn({ page: watched.page, url }, ANN)
    for (const [name, path] of Object.entries(pages)) {
      await watched.page.goto(`${url}${path}`)
      looked += await lookAt(watched, name, size, looks)
    }
    await watched.context.close()
  }
  return looked
}

async function lookAt({ page, faults }: Watched, name: string, size: Size, looks: Looks): Promise<1> {
  const where = `${name}, ${size}, ${looks}`
  note(`Looking at ${where}`)
  await page
    .getByRole('heading', { level: 1 })
    .or(page.getByRole('heading', { level: 2 }))
    .first()
    .waitFor()
  // Nothing loads any more.
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' })
  found.push(...(await violationsOf(page)).map((violation) => `${where}: ${violation}`))
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  if (wider > 0) found.push(`${where}: the page is ${wider} pixels wider than the window`)
  found.push(...faults.splice(0).map((fault) => `${where}: ${fault}`))
  if (values.pictures !== undefined) {
    await mkdir(values.pictures, { recursive: true })
    await page.screenshot({ path: join(values.pictures, `${name}-${size}-${looks}.png`) })
  }
  return 1
}
