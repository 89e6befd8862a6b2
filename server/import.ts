// Import: items, their units, suppliers with what they sell, bills, customers, carriers' services, events, opening stock and orders from CSV files. All files are
// staged and checked before the first row is written, since they speak of each other; then everything is written, or with a fault nothing, or
// on demand the good rows.

import { addDays, dayOf, instant, type Day } from '../core/calendar.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import { sql, type Session } from './db.ts'
import { checkStaged } from './import/checks.ts'
import { faultsIn, writeRejected, type FaultRow } from './import/rejected.ts'
import { dropTables, kinds, openStaging, stageFile, type Calendar, type Kind } from './import/staging.ts'
import { submit, submitAll } from './import/submit.ts'
import {
  billChunks,
  customerChunks,
  eventChunks,
  itemChunks,
  offerChunks,
  orderChunks,
  placeChunks,
  serviceChunks,
  stockChunks,
  supplierChunks,
  termsChunks,
  unitChunks,
  type Chunk,
} from './import/write.ts'
import type { Opened } from './open.ts'

export interface ImportOptions {
  readonly files: { readonly [K in Kind]?: string | undefined }
  /** The site that the stock stands at and the orders are placed with; made when it is not there. */
  readonly site: string
  readonly calendar: Calendar
  readonly dryRun: boolean
  /** Imports what has no fault and writes the rest to `FILE.rejected.csv`. */
  readonly goodRows: boolean
  /** The day on which stock is opened; without it the day before the first order, or else today. */
  readonly openedOn?: Day | undefined
  readonly faults_max?: number
  readonly progress?: (what: string, done: number, total?: number) => void
}

export interface ImportedFile {
  readonly kind: Kind
  readonly file: string
  readonly rows: number
  readonly imported: number
  /** Rows that were recorded before, just as they are. */
  readonly already: number
  readonly rejected: number
  readonly rejectedFile?: string
}

export interface Imported {
  readonly ok: boolean
  readonly dryRun: boolean
  readonly site: string
  readonly files: readonly ImportedFile[]
  readonly faults: number
  /** The first of them. */
  readonly shown: readonly FaultRow[]
  readonly seconds: number
}

const FAULTS_SHOWN_MAX = 100
/** A site that is not there yet has nothing recorded. */
const NO_SITE = -1 as SiteId

export async function importFiles(opened: Opened, options: ImportOptions): Promise<Imported> {
  const started = performance.now()
  const imported = await withStaged(opened, options, (session, staged) => importStaged(opened, options, session, staged))
  return { ...imported, seconds: Math.round(performance.now() - started) / 1_000 }
}

/** A file that was read and checked, and is not written yet. */
export interface StagedFile {
  readonly kind: Kind
  readonly file: string
  readonly rows: number
  readonly already: number
  readonly rejected: number
  readonly readable: boolean
}

/** Reads the files and checks them, works, and leaves nothing of it behind. */
export async function withStaged<Result>(
  opened: Opened,
  options: ImportOptions,
  work: (session: Session, staged: readonly StagedFile[]) => Promise<Result>,
): Promise<Result> {
  // The server's own connections plan every statement as a lookup by key; these are about whole files.
  const session = await opened.owner.session()
  let broken = true
  try {
    await openStaging(session)
    const result = await work(session, await stageAll(opened, options, session))
    await session.script(dropTables)
    broken = false
    return result
  } finally {
    session.release(broken)
  }
}

async function stageAll({ catalog, clock }: Opened, options: ImportOptions, session: Session): Promise<readonly StagedFile[]> {
  const read = new Map<Kind, { readonly rows: number; readonly readable: boolean }>()
  for (const kind of kinds) {
    const file = options.files[kind]
    if (file !== undefined)
      read.set(kind, await stageFile(session, kind, file, options.calendar, (rows) => options.progress?.(`Reading ${kind}`, rows)))
  }
  const site = (await catalog.siteByCode(options.site))?.site ?? NO_SITE
  const today = dayOf(instant(clock()))
  const staged: StagedFile[] = []
  for (const [kind, { rows, readable }] of read) {
    options.progress?.(`Checking ${kind}`, rows)
    const already = await checkStaged(session, kind, { site, today })
    const [faulty] = await session.query<{ count: number }>(sql`select count(distinct row) as count from import_fault where kind = ${kind}`)
    staged.push({ kind, file: options.files[kind]!, rows, already, rejected: faulty!.count, readable })
  }
  return staged
}

async function importStaged(
  opened: Opened,
  options: ImportOptions,
  session: Session,
  staged: readonly StagedFile[],
): Promise<Omit<Imported, 'seconds'>> {
  const { faults: shown, count: faults } = await faultsIn(session, options.faults_max ?? FAULTS_SHOWN_MAX)
  // A file without its header has no good rows to go on with.
  const writes = !options.dryRun && (faults === 0 || options.goodRows) && staged.every((one) => one.readable)
  const written = writes ? await writeStaged(opened, options, session, staged) : new Map<Kind, number>()
  const files: ImportedFile[] = []
  for (const { readable: _readable, ...one } of staged) {
    const rejectedFile = writes && one.rejected > 0 ? { rejectedFile: await writeRejected(session, one.kind, one.file) } : {}
    files.push({ ...one, imported: written.get(one.kind) ?? 0, ...rejectedFile })
  }
  return { ok: faults === 0, dryRun: options.dryRun, site: options.site, files, faults, shown }
}

/** Writes kind after kind; returns how many rows of each. */
export async function writeStaged(
  opened: Opened,
  options: ImportOptions,
  session: Session,
  staged: readonly StagedFile[],
): Promise<ReadonlyMap<Kind, number>> {
  const written = new Map<Kind, number>()
  const send = async (kind: Kind, chunks: AsyncIterable<Chunk>): Promise<void> => {
    const of = staged.find((one) => one.kind === kind)!
    const total = of.rows - of.already - of.rejected
    await submitAll(opened.lanes, chunks, ({ status, body }, { rows }) => {
      if (status >= 300) throw refused(kind, body)
      written.set(kind, (written.get(kind) ?? 0) + rows)
      options.progress?.(`Writing ${kind}`, written.get(kind)!, total)
    })
  }
  const has = (kind: Kind): boolean => staged.some((one) => one.kind === kind)
  if (has('items')) await send('items', itemChunks(session))
  if (has('units')) await send('units', unitChunks(session))
  if (has('suppliers')) {
    await send('suppliers', supplierChunks(session))
    await send('suppliers', termsChunks(session))
  }
  if (has('catalogue')) await send('catalogue', offerChunks(session))
  if (has('bills')) await send('bills', billChunks(session))
  if (has('customers')) await send('customers', customerChunks(session))
  if (has('services')) await send('services', serviceChunks(session))
  if (has('events')) await send('events', eventChunks(session, opened.newId))
  if (!has('stock') && !has('orders')) return written
  const site = await siteOf(opened, options.site)
  if (has('stock')) {
    await send('stock', placeChunks(session, site))
    await send('stock', stockChunks(session, site, options.openedOn ?? (await dayOfOpening(opened, session))))
  }
  if (has('orders')) await send('orders', orderChunks(session, site, opened.newId))
  return written
}

/** The site of that code, made when it is not there. */
export async function siteOf({ lanes, catalog }: Opened, code: string): Promise<SiteId> {
  const known = await catalog.siteByCode(code)
  if (known !== undefined) return known.site
  const request = {
    command: { kind: 'createSite', code, name: code } as const,
    caller: 'import',
    key: `import:site:${code}`,
    sha256: Buffer.from(code),
  }
  const answer = await submit(lanes, { site: controlSite, request })
  if (answer.status >= 300) throw refused('stock', answer.body)
  return (await catalog.siteByCode(code))!.site
}

/** The day before the first order that is still to be placed; without one, today. */
export async function dayOfOpening({ clock }: Opened, session: Session): Promise<Day> {
  const [row] = await session.query<{ first: Day | null }>(sql`select min(ordered_on) as first from import_line`)
  return row!.first === null ? dayOf(instant(clock())) : addDays(row!.first, -1)
}

/** Everything was checked before, so somebody else was at work meanwhile; what was written stays, and a second run goes on from there. */
function refused(kind: Kind, body: string): Error {
  const { code, detail } = JSON.parse(body) as { code: string; detail: string }
  return Object.assign(new Error(`The import of ${kind} stopped: ${detail} What was written stays; start it again to go on.`), { code })
}
