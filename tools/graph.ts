// Draws the house from its imports: `npm run graph` writes docs/graph.svg and says whether the dependency rule holds.
// Rooms are found in the tree, never listed by hand, so the picture cannot flatter: a stage that nobody has built yet is drawn as an empty frame.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { dependenciesOf, type Dependencies } from './dependencies.ts'
import { picture, type Arrow, type Room } from './graph-picture.ts'
import { flowStages, loopStages } from './rooms.ts'
import { house, isTest } from './sources.ts'

const databaseParts = new Set([
  'db',
  'postgres',
  'migrate',
  'migrations',
  'schema',
  'manifest',
  'grants',
  'distribute',
  'test-database',
  'test-cluster',
])

const found = await dependenciesOf(house)
for (const { from, to, rule } of found.summary.violations) console.log(`${from} -> ${to}: ${rule.name}`)
const rooms = roomsOf(found)
const arrows = arrowsOf(found)
writeFileSync(path.join(house, 'docs/graph.svg'), picture(rooms, arrows))
console.log(`${rooms.filter((room) => room.parts.length > 0).length} rooms, ${arrows.length} arrows, drawn to docs/graph.svg`)
console.log(`${found.summary.error} violations`)
process.exitCode = found.summary.error > 0 ? 1 : 0

function roomsOf({ modules }: Dependencies): Room[] {
  const rooms = new Map<string, Set<string>>()
  for (const stage of flowStages) rooms.set(`flow/${stage}`, new Set())
  for (const stage of loopStages) rooms.set(`loop/${stage}`, new Set())
  for (const { source } of modules) {
    const home = homeOf(source)
    if (home) rooms.set(home.room, (rooms.get(home.room) ?? new Set()).add(home.part))
  }
  return [...rooms].map(([name, parts]) => ({ name, parts: [...parts].toSorted() }))
}

function arrowsOf({ modules }: Dependencies): Arrow[] {
  const imports = new Map<string, number>()
  for (const { source, dependencies } of modules) {
    const from = homeOf(source)?.room
    for (const { resolved } of dependencies) {
      const to = homeOf(resolved)?.room
      if (from && to && from !== to) imports.set(`${from} ${to}`, (imports.get(`${from} ${to}`) ?? 0) + 1)
    }
  }
  return [...imports.keys()].toSorted().map((pair) => {
    const [from = '', to = ''] = pair.split(' ')
    return { from, to, imports: imports.get(pair) ?? 0 }
  })
}

/** The room a file lives in, and what it is called there. A stage's room holds its decision (core) and its shell (server) alike. */
function homeOf(file: string): { readonly room: string; readonly part: string } | undefined {
  if (isTest(file) || file.startsWith('node_modules/')) return undefined
  const [top = '', second = '', third] = file.split('/').map((part) => part.replace(/\.tsx?$/, ''))
  if (third !== undefined && (second === 'flow' || second === 'loop')) return { room: `${second}/${stageOf(second, third)}`, part: top }
  if (top === 'core') return third === undefined ? { room: 'nouns', part: second } : { room: second, part: third }
  if (top === 'server') return { room: databaseParts.has(second) ? 'database' : second === 'lane' ? 'lane' : 'server', part: second }
  return ['api', 'web', 'sim', 'bench', 'cli'].includes(top) ? { room: top, part: second } : undefined
}

function stageOf(room: 'flow' | 'loop', file: string): string {
  const stages: readonly string[] = room === 'flow' ? flowStages : loopStages
  return stages.find((stage) => file === stage || file.startsWith(`${stage}-`)) ?? file
}
