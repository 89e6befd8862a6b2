// The rooms of the house and who may look into which: one list, read by the dependency rule, the picture and the tidy test.
// Invariant: an import points only to an earlier group, and within flow and loop only to an earlier stage. Kept as data, because the picture that
// newcomers read and the rule that the machine checks must never disagree.

export const flowStages = [
  'order',
  'promise',
  'reserve',
  'sell',
  'purchase',
  'produce',
  'cover',
  'receive',
  'store',
  'transport',
  'deliver',
  'return',
  'flow',
] as const

export const loopStages = ['record', 'shrinkage', 'count', 'belief', 'forecast', 'replenish', 'backtest', 'loop'] as const

export interface Group {
  readonly name: string
  /** Matches the paths of its files, from the root of the repository. */
  readonly path: string
  /** Groups of one level may not import each other. */
  readonly level: number
}

export const groups: readonly Group[] = [
  { name: 'core nouns', path: '^core/[^/]+$', level: 0 },
  { name: 'core/plan', path: '^core/plan/', level: 1 },
  { name: 'core/flow', path: '^core/flow/', level: 2 },
  { name: 'core/loop', path: '^core/loop/', level: 2 },
  { name: 'core/format', path: '^core/format/', level: 3 },
  { name: 'api', path: '^api/', level: 4 },
  { name: 'server', path: '^server/', level: 5 },
  { name: 'web', path: '^web/', level: 5 },
  { name: 'sim', path: '^sim/', level: 6 },
  { name: 'bench', path: '^bench/', level: 7 },
  { name: 'cli', path: '^cli/', level: 8 },
]

/** May import anything, and nobody may import them. */
export const observers = ['scenarios', 'tools', 'bin'] as const

/** A stage is one file, or a folder, or files that carry its name in front: `reserve.ts`, `reserve-lots.ts`, `reserve/lots.ts`. */
export const stagePath = (room: string, stage: string): string => `^${room}/${stage}[-./]`
