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
import { folderOfRun, startServerProcess, type ServerProcess } from '../rig/server-process.ts'
import { violationsOf } from './accessible.ts'
import { expectRefused, hasChromium, launch, openPage, type Watched } from './browser.ts'
import { ANN, begin, furnish, SAM, WES, type Documents } from './company.ts'
import { aLatePurchaseIsMended } from './disruption-story.ts'
import { asksInVain, pagesWithData, pagesWithoutData, type Pages } from './every-page.ts'
import * as people from './people-story.ts'
import { aRuleIsTestedAndAdopted } from './backtest-story.ts'
import * as plan from './plan-story.ts'
import { takePicture, views, writeGallery, type View } from './pictures.ts'
import * as desk from './desk-story.ts'
import * as belief from './belief-story.ts'
import * as counting from './counting-story.ts'
import * as floor from './floor.ts'
import { firstRouteBytes, firstRouteBytesMax } from './size.ts'
import * as story from './story.ts'

const house = join(import.meta.dirname, '..', '..')

/** Each size and each look once; for pictures, every one of them. */
const each: readonly View[] = [
  ['desktop', 'light'],
  ['phone', 'dark'],
]

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, pictures: { type: 'string' }, gallery: { type: 'string' } } })
const note = (text: string): void => void (values.json || process.stderr.write(`${text}\n`))
const found: string[] = []
/** Names that were pictured, in the order of the gallery. */
const pictured = new Set<string>()

if (hasChromium()) process.exitCode = await run()
else {
  process.stdout.write('not run: pages in a browser, which need Chromium (apt-get install chromium, or CHROMIUM=its path)\n')
  // Where the machine checks every change it must be there, so that a green run never hides a missing one.
  if (process.env['CI'] === 'true') process.exitCode = 1
}

async function run(): Promise<0 | 1> {
  const began = performance.now()
  const browser = await launch()
  try {
    const bytes = firstRouteBytes(join(house, 'web', 'dist'))
    if (bytes > firstRouteBytesMax) found.push(`The first route takes ${bytes} bytes, more than ${firstRouteBytesMax}.`)
    const [looked, chapters, lookedAtEmpty] = await withServer(async ({ url }, caller) => {
      const documents = await furnish(caller, url)
      // The pictures are of the company as it was furnished, not as the stories leave it.
      const seen = await lookAtEveryPage(browser, url, pagesWithData(documents))
      // A person at work leaves the processors time for an empty company beside.
      const told = values.pictures === undefined ? tell(browser, url, caller, documents) : Promise.resolve(0)
      const [chapters, empty] = await Promise.all([told, lookAtEmpty(browser)])
      return [seen, chapters, empty] as const
    })
    if (values.pictures !== undefined && values.gallery !== undefined) writeGallery(values.gallery, values.pictures, [...pictured])
    const seconds = Math.round((performance.now() - began) / 100) / 10
    if (found.length > 0) process.stderr.write(`${found.join('\n')}\n`)
    process.stdout.write(`${JSON.stringify({ chapters, looked: looked + lookedAtEmpty, found: found.length, first_route_bytes: bytes, seconds })}\n`)
    return found.length === 0 ? 0 : 1
  } finally {
    await browser.close()
  }
}

/** At a company that has only just begun. */
function lookAtEmpty(browser: Browser): Promise<number> {
  return withServer(async ({ url }, caller) => {
    await begin(caller, url)
    return lookAtEveryPage(browser, url, pagesWithoutData)
  })
}

/** A server on a database of its own. What it calls a fault is found, and so is whatever a browser told it that our policy forbids. */
async function withServer<T>(work: (server: ServerProcess, caller: Caller) => Promise<T>): Promise<T> {
  const folder = await folderOfRun()
  const secret = await withDatabase(folder)
  const server = await startServerProcess(folder, 0, ['--log', 'warn'])
  const caller = new Caller(secret, 4)
  try {
    return await work(server, caller)
  } finally {
    caller.close()
    await server.stop()
    await removeTemporary(folder)
    found.push(...server.faults, ...server.policyReports)
  }
}

async function withDatabase(folder: string): Promise<string> {
  const opened = await openServer({ folder })
  try {
    return (await makeKey(opened, { name: 'Import', role: 'admin', sites: [] })).secret
  } finally {
    await opened.close()
  }
}

/** People at work, one chapter after the other; a chapter that fails does not keep the next from being told. */
async function tell(browser: Browser, url: string, caller: Caller, { lamps }: Documents): Promise<number> {
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
  await chapter(ann, 'A figure is explained', desk.aFigureIsExplained)
  await chapter(ann, 'A customer changes an order', desk.aCustomerChangesAnOrder)
  await chapter(ann, 'What is not wanted any more is put back', desk.whatIsNotWantedAnyMoreIsPutBack)
  await chapter(ann, 'An item is counted in pairs, and ordered so', desk.anItemIsCountedInPairsAndOrderedSo)
  await chapter(ann, 'Goods come back over the desk', desk.goodsComeBackOverTheDesk)
  await chapter(ann, 'A transfer is asked for and called off', floor.aTransferIsAskedForAndCalledOff)
  await chapter(ann, 'What another site has is ordered there', floor.whatAnotherSiteHasIsOrderedThere)
  await chapter(ann, 'A count is blind and then told', floor.aCountIsBlindAndThenTold)
  await chapter(ann, 'A late purchase hurts three customers, and is mended', aLatePurchaseIsMended(lamps))
  await chapter(ann, 'Somebody new is added and bound to a site', people.somebodyNewIsAddedAndBoundToASite)
  await chapter(ann, 'Who saves second is told what the first did', people.whoSavesSecondIsToldWhatTheFirstDid)
  await chapter(ann, "A key's secret is shown once", people.aKeysSecretIsShownOnce)
  await chapter(ann, 'The trail leads to what was done', people.theTrailLeadsToWhatWasDone)
  const sam = await openPage(browser, 'phone', 'dark')
  await chapter(sam, 'Sam signs in on a phone', (teller) => story.signIn(teller, SAM))
  await chapter(sam, 'Who only sells is offered only that', story.whoOnlySellsIsOfferedOnlyThat)
  await chapter(sam, 'Who may not see people is not offered them', people.whoMayNotSeePeopleIsNotOfferedThem)
  await chapter(sam, "One's own password is changed", people.onesOwnPasswordIsChanged)
  await sam.context.close()
  const wes = await openPage(browser, 'phone', 'light')
  await chapter(wes, 'Wes signs in on a phone', (teller) => story.signIn(teller, WES))
  await chapter(wes, 'Goods go from the dock to the door with one thumb', floor.goodsGoFromTheDockToTheDoor)
  await chapter(wes, 'A transfer that comes short is received as it came', floor.aTransferThatComesShortIsReceivedAsItCame)
  await chapter(wes, 'A sheet is counted in a dead corner, and approved by somebody else', (teller) =>
    counting.aSheetIsCountedInADeadCorner(teller, ann.page),
  )
  await chapter(ann, 'What is probably there is seen', belief.whatIsProbablyThereIsSeen)
  await chapter(ann, 'How surely an item is promised is changed', belief.howSurelyAnItemIsPromisedIsChanged)
  await chapter(ann, 'A loss is entered and undone', belief.aLossIsEnteredAndUndone)
  await chapter(ann, 'A count list is counted on a phone, blind, and found against what was believed', (teller) =>
    belief.aCountListIsCountedOnAPhone(teller, wes.page),
  )
  await chapter(ann, 'A forecast is raised for a promotion, and ordered', plan.aForecastIsRaisedAndOrdered)
  await chapter(ann, 'An event is said, and taken back', plan.anEventIsSaidAndTakenBack)
  await chapter(ann, 'A new item is forecast as another', plan.aNewItemIsForecastAsAnother)
  await chapter(ann, 'An item is ordered by its own policy', plan.anItemIsOrderedByItsOwnPolicy)
  await chapter(ann, 'A rule is back-tested, adopted and taken back', aRuleIsTestedAndAdopted)
  await wes.context.close()
  await ann.context.close()
  return told
}

/** In every view at once. */
async function lookAtEveryPage(browser: Browser, url: string, pages: Pages): Promise<number> {
  const looked = await Promise.all((values.pictures === undefined ? each : views).map((view) => lookAtPages(browser, url, pages, view)))
  return looked.reduce((sum, some) => sum + some, 0)
}

async function lookAtPages(browser: Browser, url: string, pages: Pages, view: View): Promise<number> {
  const watched = await openPage(browser, ...view)
  await watched.page.goto(url)
  // One who comes finds nobody signed in, which is no error.
  let looked = await lookAt(watched, 'sign-in', view)
  await story.signIn({ page: watched.page, url }, ANN)
  for (const [name, path] of Object.entries(pages)) {
    await watched.page.goto(`${url}${path}`)
    if (asksInVain(path)) await watched.page.getByRole('alert').waitFor()
    looked += await lookAt(watched, name, view, asksInVain(path))
  }
  await watched.context.close()
  return looked
}

async function lookAt({ page, faults }: Watched, name: string, view: View, inVain = false): Promise<1> {
  const where = `${name}, ${view.join(', ')}`
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
  if (inVain) expectRefused(faults, 404)
  found.push(...faults.splice(0).map((fault) => `${where}: ${fault}`))
  if (values.pictures !== undefined) {
    await mkdir(values.pictures, { recursive: true })
    await takePicture(page, values.pictures, name, view)
    pictured.add(name)
  }
  return 1
}
