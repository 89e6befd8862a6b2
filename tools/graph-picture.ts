// The picture of the house as SVG: the flow in one row, the loop in another, what stands above and below them in bands of their own.
// Thick arrows are the business (what follows what), thin ones are imports. No layout engine: places are fixed, so that the picture of next month can
// be laid beside today's.

import { flowStages, loopStages } from './rooms.ts'

export interface Room {
  readonly name: string
  /** What is in it: files, or for a stage `core` (its decision) and `server` (its shell). Empty when nobody has built it yet. */
  readonly parts: readonly string[]
}

export interface Arrow {
  readonly from: string
  readonly to: string
  readonly imports: number
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const width = 1500
const margin = 30
const label = 90
const gap = 22

/** From top to bottom: who asks, who answers, what is decided. The flow and the loop stand between the lane that runs them and the nouns they share. */
const bands: readonly { readonly title: string; readonly rooms: readonly string[]; readonly height: number }[] = [
  { title: 'callers', rooms: ['cli', 'bench', 'sim'], height: 56 },
  { title: 'surfaces', rooms: ['web', 'server'], height: 76 },
  { title: 'contract', rooms: ['api'], height: 56 },
  { title: 'lane', rooms: ['lane'], height: 56 },
  { title: 'storage', rooms: ['database'], height: 56 },
  { title: 'flow', rooms: flowStages.map((stage) => `flow/${stage}`), height: 64 },
  { title: 'loop', rooms: loopStages.map((stage) => `loop/${stage}`), height: 64 },
  { title: 'core', rooms: ['nouns', 'plan', 'format'], height: 76 },
]
const bandGap = 58
const height = bands.reduce((sum, band) => sum + band.height + bandGap, 50)

export function picture(rooms: readonly Room[], arrows: readonly Arrow[]): string {
  const partsOf = new Map(rooms.map((room) => [room.name, room.parts]))
  const boxes = placed(partsOf)
  const drawn = [...boxes].map(([name, box]) => drawRoom(name, box, partsOf.get(name) ?? []))
  const imports = arrows.map((arrow) => drawImport(arrow, boxes.get(arrow.from), boxes.get(arrow.to)))
  const titles = bands.map(({ title, height: tall }, at) => text(margin, topOf(at) + tall / 2 + 5, title, 'band'))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="14">
<title>Quartermaster: the rooms of the house and their imports</title>
<style>
  .paper { fill: #fff } .room { fill: #f3f5f8; stroke: #8a94a3 }
  .flow { fill: #e3f1ea; stroke: #2f8f63 } .loop { fill: #fdf0dc; stroke: #b9802a }
  .empty { fill: #fff; stroke-dasharray: 4 4; stroke-opacity: .6 } .tip { fill: #5b6675 } .import { fill: none; stroke: #5b6675; opacity: .35 }
  .next { fill: none; stroke-width: 4; marker-end: url(#step) } .next.flow { stroke: #2f8f63 } .next.loop { stroke: #b9802a }
  text { fill: #1d232b; text-anchor: middle } .band { font-weight: 600; text-anchor: start } .part { font-size: 11px; opacity: .75 }
  @media (prefers-color-scheme: dark) {
    .paper, .empty { fill: #16181c } .room { fill: #23272e; stroke: #77808d } .flow { fill: #1d3a2d } .loop { fill: #3d3018 }
    .empty { fill: #16181c } .tip { fill: #a4adba } .import, .next { fill: none } .import { stroke: #a4adba } text { fill: #e8ebef }
  }
</style>
<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" markerUnits="userSpaceOnUse" orient="auto">
<path class="tip" d="M0 0 6 3 0 6z"/></marker>
<marker id="step" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="12" markerHeight="12" markerUnits="userSpaceOnUse" orient="auto">
<path d="M0 0 6 3 0 6z" fill="context-stroke"/></marker></defs>
<rect class="paper" width="${width}" height="${height}"/>
${[...imports, ...journey('flow', boxes), ...journey('loop', boxes), ...drawn, ...titles].join('\n')}
</svg>
`
}

const topOf = (band: number): number => 30 + bands.slice(0, band).reduce((sum, one) => sum + one.height + bandGap, 0)

/** Rooms share the width of their band; one that does not exist is left out, unless it is a stage. */
function placed(partsOf: ReadonlyMap<string, readonly string[]>): Map<string, Box> {
  const boxes = new Map<string, Box>()
  bands.forEach((band, at) => {
    const present = band.rooms.filter((name) => partsOf.has(name))
    const share = (width - margin * 2 - label + gap) / present.length
    present.forEach((name, place) => {
      boxes.set(name, { x: margin + label + place * share, y: topOf(at), width: share - gap, height: band.height })
    })
  })
  return boxes
}

function drawRoom(name: string, box: Box, parts: readonly string[]): string {
  const [kind, title] = name.includes('/') ? (name.split('/') as [string, string]) : ['', name]
  const frame = `<rect class="room ${kind}${parts.length === 0 ? ' empty' : ''}" x="${round(box.x)}" y="${box.y}" width="${round(box.width)}" height="${box.height}" rx="6"/>`
  const middle = round(box.x + box.width / 2)
  const lines = wrapped(parts, box.width / 6)
  return [frame, text(middle, box.y + 22, title, ''), ...lines.map((line, at) => text(middle, box.y + 39 + at * 14, line, 'part'))].join('')
}

function wrapped(parts: readonly string[], lengthMax: number): string[] {
  const lines = ['']
  for (const part of parts) {
    const last = lines[lines.length - 1] ?? ''
    if (last !== '' && last.length + part.length + 2 > lengthMax) lines.push(part)
    else lines[lines.length - 1] = last === '' ? part : `${last}, ${part}`
  }
  return lines
}

/** What follows what: the thick arrows between the stages of a row. The last room of a row is the row itself (`flow`, `loop`), not a step of it. */
function journey(kind: 'flow' | 'loop', boxes: ReadonlyMap<string, Box>): string[] {
  const steps = [...boxes].filter(([name]) => name.startsWith(`${kind}/`) && name !== `${kind}/${kind}`).map(([, box]) => box)
  const hops = steps.slice(1).map((next, at) => {
    const from = steps[at]!
    const y = from.y + from.height / 2
    return `<path class="next ${kind}" d="M${round(from.x + from.width)} ${y}H${round(next.x)}"/>`
  })
  const purchase = boxes.get('flow/purchase')
  const replenish = boxes.get('loop/replenish')
  if (kind === 'flow' || !purchase || !replenish) return hops
  const back = curve(replenish, purchase)
  return [...hops, `<path class="next loop" d="${back}"><title>replenish refills the flow: purchase, production and transfer orders</title></path>`]
}

function drawImport({ from, to, imports }: Arrow, start: Box | undefined, end: Box | undefined): string {
  if (!start || !end) return ''
  const title = `<title>${from} imports ${to}, ${imports} ${imports === 1 ? 'time' : 'times'}</title>`
  return `<path class="import" stroke-width="${round(1 + Math.log2(imports))}" marker-end="url(#tip)" d="${curve(start, end)}">${title}</path>`
}

/** Leaves below and arrives above, or the other way round; along a row it bows over the top. */
function curve(start: Box, end: Box): string {
  const fromX = round(nearest(start, end))
  const toX = round(nearest(end, start))
  if (start.y === end.y) {
    const bow = start.y - 12 - Math.min(34, Math.abs(toX - fromX) / 12)
    return `M${fromX} ${start.y}C${fromX} ${round(bow)} ${toX} ${round(bow)} ${toX} ${end.y}`
  }
  const down = start.y < end.y
  const fromY = down ? start.y + start.height : start.y
  const toY = down ? end.y : end.y + end.height
  const middle = (fromY + toY) / 2
  return `M${fromX} ${fromY}C${fromX} ${middle} ${toX} ${middle} ${toX} ${toY}`
}

/** Where on a wide room its arrow to a narrow one stands: straight above or below it, as far as the room reaches. */
function nearest(box: Box, other: Box): number {
  const middle = box.x + box.width / 2
  return box.width > other.width ? Math.min(Math.max(other.x + other.width / 2, box.x + gap), box.x + box.width - gap) : middle
}

function text(x: number, y: number, words: string, kind: string): string {
  return `<text x="${x}" y="${y}"${kind ? ` class="${kind}"` : ''}>${words}</text>`
}

const round = (value: number): number => Math.round(value * 10) / 10
