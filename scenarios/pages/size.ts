// Size: what a browser must load before the first page stands: the entry, the page that opens first, and all that these two cannot do without, as
// Vite's manifest names it. What is loaded when it is asked for does not count.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
}

const FIRST = ['index.html', 'flow/flow.tsx']

export const firstRouteBytesMax = 200_000

/** Gzipped bytes of JavaScript and stylesheets of the first route. */
export function firstRouteBytes(dist: string): number {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Readonly<Record<string, Chunk>>
  const files = new Set<string>()
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const chunk = manifest[name]
    if (chunk === undefined) throw new Error(`${name} is not in the manifest of the build.`)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const one of chunk.imports ?? []) visit(one)
  }
  for (const name of FIRST) visit(name)
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0)
}
