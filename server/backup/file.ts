// The file of a backup: frames of zstd, so that any zstd reads the rows as PostgreSQL's COPY text (`zstd -dc FILE`) should Quartermaster be gone.
// Between them stand frames that zstd skips, with a line of JSON each: what the file is, which table the next block belongs to, and at its end
// where the manifest is and the hash of every byte before.
//
// It is written under another name and gets its own when it is whole and on disk, so half a file is never taken for a backup; and it is read twice,
// first to see that no byte was changed, so nothing is restored of a file that is not as it was written. Memory holds a few blocks, however
// long a table is.

import { createHash } from 'node:crypto'
import { lstat, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { partialName } from '../postgres/room.ts'
import { isRunning } from '../postgres/run.ts'
import { BackupError, writeFault } from './fault.ts'
import { BACKUP_FORMAT, manifestShape, type BackedUpTable, type Manifest } from './manifest.ts'

/** Of rows that are compressed together. */
const BLOCK_BYTES = 2 ** 20
/** Blocks that are compressed at once or wait to be written. */
const BLOCKS_UNDER_WAY_MAX = 4
/** A manifest has a line a table and a site: 100,000 sites stay below this. */
const MANIFEST_BYTES_MAX = 64 * 2 ** 20
const NOTE_BYTES_MAX = 4096
/** One of the sixteen that zstd skips. */
const SKIPPED_MAGIC = 0x184d2a5b
const NOTE_HEAD_BYTES = 8
const READ_BYTES = 2 ** 20
const NEWLINE = 10

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

const startNote = noteOf({ quartermaster: 'backup', format: BACKUP_FORMAT })
const endNote = (manifestAt: number, sha256: string): Buffer => noteOf({ manifest_at: String(manifestAt).padStart(16, '0'), sha256 })
const END_BYTES = endNote(0, '0'.repeat(64)).length

function noteOf(note: object): Buffer {
  const text = Buffer.from(JSON.stringify(note))
  const head = Buffer.alloc(NOTE_HEAD_BYTES)
  head.writeUInt32LE(SKIPPED_MAGIC, 0)
  head.writeUInt32LE(text.length, 4)
  return Buffer.concat([head, text])
}

/** The note that begins a piece of the file; undefined where none does. */
function noteIn(bytes: Buffer): { readonly note: Readonly<Record<string, unknown>>; readonly length: number } | undefined {
  if (bytes.length < NOTE_HEAD_BYTES || bytes.readUInt32LE(0) !== SKIPPED_MAGIC) return undefined
  const length = NOTE_HEAD_BYTES + bytes.readUInt32LE(4)
  try {
    const note: unknown = JSON.parse(bytes.toString('utf8', NOTE_HEAD_BYTES, length))
    return length <= bytes.length && typeof note === 'object' && note !== null ? { note: { ...note }, length } : undefined
  } catch {
    return undefined
  }
}

/** Writes a backup whole, or leaves nothing. `write` is given the writer and returns what the manifest says besides tables. */
export async function writeBackup(
  file: string,
  { force }: { readonly force: boolean },
  write: (writer: BackupWriter) => Promise<Manifest>,
): Promise<{ readonly manifest: Manifest; readonly bytes: number }> {
  if (!force && (await isThere(file)))
    throw new BackupError('file_taken', `There is a ${file} already: choose another name, or write over it with --force.`)
  const partial = partialName(file)
  try {
    await sweepPartials(file)
    const handle = await open(partial, 'w', 0o600)
    const writer = new BackupWriter(handle)
    let manifest: Manifest
    try {
      await writer.begin()
      manifest = await write(writer)
      await writer.end(manifest)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, file)
    await syncFolder(dirname(file))
    return { manifest, bytes: writer.position }
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw writeFault(error, file)
  }
}

export class BackupWriter {
  readonly #handle: FileHandle
  readonly #hash = createHash('sha256')
  #position = 0

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  get position(): number {
    return this.#position
  }

  begin(): Promise<void> {
    return this.#write(startNote)
  }

  /** Takes a table's rows, a line each, in pieces of any size, and returns what the manifest says of them. */
  async table(name: string, pieces: AsyncIterable<Buffer>): Promise<Omit<BackedUpTable, 'name' | 'columns'>> {
    const begins_at = this.#position
    const all = createHash('sha256')
    const underWay: Promise<Buffer>[] = []
    let [rows, bytes] = [0, 0]
    for await (const block of blocksOf(pieces)) {
      rows += linesIn(block)
      bytes += block.length
      all.update(block)
      const compressed = compress(block)
      // Should an earlier one fail, nobody waits for this one.
      compressed.catch(() => undefined)
      underWay.push(compressed)
      if (underWay.length === BLOCKS_UNDER_WAY_MAX) await this.#writeBlock({ table: name }, await underWay.shift()!)
    }
    for (const compressed of underWay) await this.#writeBlock({ table: name }, await compressed)
    return { rows, bytes, sha256: all.digest('hex'), begins_at }
  }

  async end(manifest: Manifest): Promise<void> {
    const at = this.#position
    await this.#writeBlock({ manifest: true }, await compress(Buffer.from(`${JSON.stringify(manifest)}\n`)))
    await this.#write(endNote(at, this.#hash.digest('hex')), false)
  }

  async #writeBlock(note: object, compressed: Buffer): Promise<void> {
    await this.#write(noteOf({ ...note, bytes: compressed.length }))
    await this.#write(compressed)
  }

  async #write(bytes: Buffer, hashed = true): Promise<void> {
    if (hashed) this.#hash.update(bytes)
    for (let at = 0; at < bytes.length;) at += (await this.#handle.write(bytes, at)).bytesWritten
    this.#position += bytes.length
  }
}

/** A backup that was looked through: no byte of it has changed since it was written. */
export class BackupFile {
  readonly manifest: Manifest
  readonly bytes: number
  readonly #handle: FileHandle

  constructor(handle: FileHandle, manifest: Manifest, bytes: number) {
    this.#handle = handle
    this.manifest = manifest
    this.bytes = bytes
  }

  /** A table's rows as they were taken, block by block; throws at the end unless they are all of them. */
  async *rowsOf({ name, bytes, sha256, begins_at }: BackedUpTable): AsyncGenerator<Buffer> {
    const all = createHash('sha256')
    let position = begins_at
    for (let done = 0; done < bytes;) {
      const { block, end } = await readBlock(this.#handle, position, BLOCK_BYTES)
      all.update(block)
      yield block
      done += block.length
      position = end
    }
    if (all.digest('hex') !== sha256) throw new BackupError('backup_altered', `The rows of ${name} are not those that the manifest tells of.`)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** Opens a file that is a whole and unchanged backup, or says what it is instead. It must be closed. */
export async function openBackup(file: string, report: (done: number, of: number) => void = () => undefined): Promise<BackupFile> {
  const handle = await open(file, 'r')
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new BackupError('not_a_backup', `${file} is not a file.`)
    refuseOther(file, await readAt(handle, 0, NOTE_BYTES_MAX))
    const manifestAt = await refuseChanged(handle, file, stats.size, report)
    return new BackupFile(handle, await readManifest(handle, file, manifestAt), stats.size)
  } catch (error) {
    await handle.close()
    throw error
  }
}

function refuseOther(file: string, begin: Buffer): void {
  const start = noteIn(begin)?.note
  if (start?.['quartermaster'] !== 'backup') {
    // A file so short that not even its first line is whole.
    if (begin.length > 0 && startNote.subarray(0, begin.length).equals(begin)) throw cutOff(file)
    throw new BackupError('not_a_backup', `${file} is not a backup of Quartermaster.`)
  }
  if (start['format'] !== BACKUP_FORMAT) {
    throw new BackupError(
      'backup_newer',
      `${file} has format ${String(start['format'])}, and this Quartermaster knows ${BACKUP_FORMAT}: use a newer one.`,
    )
  }
}

/** Reads every byte, and returns where the manifest is. */
async function refuseChanged(handle: FileHandle, file: string, size: number, report: (done: number, of: number) => void): Promise<number> {
  const end = noteIn(await readAt(handle, Math.max(size - END_BYTES, 0), END_BYTES))?.note
  if (end === undefined || typeof end['manifest_at'] !== 'string' || typeof end['sha256'] !== 'string') throw cutOff(file)
  const all = createHash('sha256')
  for (let at = 0; at < size - END_BYTES;) {
    const bytes = await readAt(handle, at, Math.min(READ_BYTES, size - END_BYTES - at))
    if (bytes.length === 0) throw cutOff(file)
    all.update(bytes)
    report((at += bytes.length), size)
  }
  const manifestAt = Number(end['manifest_at'])
  const ending = endNote(manifestAt, all.digest('hex'))
  if (!ending.equals(await readAt(handle, size - END_BYTES, END_BYTES))) throw altered(file)
  return manifestAt
}

async function readManifest(handle: FileHandle, file: string, at: number): Promise<Manifest> {
  const { block } = await readBlock(handle, at, MANIFEST_BYTES_MAX).catch(() => ({ block: Buffer.alloc(0) }))
  const read = manifestShape.safeParse(parsed(block.toString('utf8')))
  if (!read.success) throw altered(file)
  return read.data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A block and where the next one begins. */
async function readBlock(handle: FileHandle, at: number, bytes_max: number): Promise<{ readonly block: Buffer; readonly end: number }> {
  const found = noteIn(await readAt(handle, at, NOTE_BYTES_MAX))
  const bytes = Number(found?.note['bytes'])
  // What does not compress is a little longer than it was.
  if (found === undefined || !(bytes > 0 && bytes <= 2 * bytes_max)) throw new BackupError('backup_altered', `There is no block at byte ${at}.`)
  const from = at + found.length
  const block = await decompress(await readAt(handle, from, bytes), { maxOutputLength: bytes_max }).catch(() => {
    throw new BackupError('backup_altered', `The block at byte ${at} is none of zstd.`)
  })
  return { block, end: from + bytes }
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, at + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return bytes.subarray(0, read)
}

/** Pieces of any size as blocks of one size, the last one shorter. */
async function* blocksOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let kept: Buffer[] = []
  let bytes = 0
  for await (const piece of pieces) {
    kept.push(piece)
    bytes += piece.length
    if (bytes < BLOCK_BYTES) continue
    const all = Buffer.concat(kept)
    let at = 0
    for (; bytes - at >= BLOCK_BYTES; at += BLOCK_BYTES) yield all.subarray(at, at + BLOCK_BYTES)
    kept = [all.subarray(at)]
    bytes -= at
  }
  if (bytes > 0) yield Buffer.concat(kept)
}

function linesIn(block: Buffer): number {
  let lines = 0
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

const cutOff = (file: string): BackupError =>
  new BackupError('backup_cut_off', `${file} has no end: it was cut off, or its end was changed. Take another one.`)
const altered = (file: string): BackupError => new BackupError('backup_altered', `${file} was changed since it was written: take another one.`)

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  )

/** What a killed backup of this name left behind. */
async function sweepPartials(file: string): Promise<void> {
  const prefix = `${basename(file)}.partial-`
  for (const name of await readdir(dirname(file))) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) await rm(join(dirname(file), name), { force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
