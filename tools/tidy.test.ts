import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { flowStages, loopStages } from './rooms.ts'
import { house, isCode, isTest, sources, type Source } from './sources.ts'
import { functionSizes, impurities, isBarrel, isKebabCase, isNamedAfterNothing, opensWithItsReason, sizesOverLimit, sqlFaults } from './tidy.ts'

const all = sources()
const code = all.filter((one) => isCode(one.path))
/** This file quotes what it forbids. */
const others = all.filter((one) => one.path !== 'tools/tidy.test.ts')
const pathsOf = (found: readonly Source[]) => found.map((one) => one.path)
const read = (name: string) => readFileSync(path.join(house, name), 'utf8')

describe('the tree', () => {
  test('functions and files are short; exceptions shrink until there are none', () => {
    const allowed: unknown = JSON.parse(read('tools/tidy-exceptions.json'))
    const found = Object.fromEntries(code.flatMap(sizesOverLimit).map((one) => [one.of, one.lines]))
    expect(found, 'what is over the limit is exactly what tidy-exceptions.json allows').toEqual(allowed)
  })

  test('core reads no clock, draws no lots and touches nothing outside', () => {
    expect(code.filter((one) => one.path.startsWith('core/') && !isTest(one.path)).flatMap(impurities)).toEqual([])
  })

  test('SQL reads no clock, draws no lots and casts its sums', () => {
    expect(others.flatMap(sqlFaults)).toEqual([])
  })

  test('no file only passes on what others export', () => {
    expect(pathsOf(code.filter(isBarrel))).toEqual([])
  })

  test('no folder or file is named after nothing; names are kebab-case', () => {
    expect(pathsOf(code).filter(isNamedAfterNothing)).toEqual([])
    expect(pathsOf(code).filter((name) => !isKebabCase(name))).toEqual([])
  })

  test('every file in flow and loop carries the name of its stage in front', () => {
    const stages = { flow: flowStages, loop: loopStages }
    const strangers = pathsOf(code).filter((name) => {
      const [, room, file] = /^(?:core|server)\/(flow|loop)\/([^/.]+)/.exec(name) ?? []
      return room && file && !stages[room as 'flow' | 'loop'].some((stage) => file === stage || file.startsWith(`${stage}-`))
    })
    expect(strangers).toEqual([])
  })

  test('every file opens by saying what it is for', () => {
    const scripts = all.filter((one) => /^(bin\/|\.ci\/)/.test(one.path))
    const spoken = all.filter((one) => (isCode(one.path) && !isTest(one.path)) || one.path.endsWith('.sql'))
    expect(pathsOf([...scripts, ...spoken].filter((one) => !opensWithItsReason(one)))).toEqual([])
  })

  test('no text names a machine or a registry', () => {
    const folders = ['work', 'tmp/boot', 'root'].map((name) => `(?<![\\w.*\\]}/-])/${name}/`)
    const machine = new RegExp([...folders, String.raw`https?://[^\s/]*(registry|npmjs)[^\s/]*/[^\s]*\.tgz`, String.raw`registry\.\w+\.\w+`].join('|'))
    expect(others.flatMap((one) => one.text.split('\n').filter((line) => machine.test(line)).map((line) => `${one.path}: ${line.trim()}`))).toEqual([])
  })

  test('the changelog has a line for a reader, not for a machine', () => {
    const lines = read('CHANGELOG.md').trimEnd().split('\n')
    expect(lines[0]).toBe('# Changelog')
    const odd = lines.slice(1).filter((line) => !/^$|^## (Unreleased|\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2})$|^- [A-Z`].*|^  \S|^[A-Z][^#]*$/.test(line))
    expect(odd).toEqual([])
    expect(lines.filter((line) => line.startsWith('## '))[0], 'what is new stands on top').toBe('## Unreleased')
  })
})

describe('refusal codes', async () => {
  const file = path.join(house, 'core/refusal.ts')
  const { refusals } = existsSync(file) ? ((await import(file)) as { refusals: Record<string, number> }) : { refusals: {} }
  const codes = Object.entries(refusals).map(([name, status]) => `${name} ${status}`)

  test('stand in docs/refusals.md, each with its status, and no others do', () => {
    const rows = [...read('docs/refusals.md').matchAll(/^\| `([a-z0-9_]+)` \| (\d{3}) \|/gm)].map(([, name, status]) => `${name} ${status}`)
    expect(codes.length).toBeGreaterThan(0)
    expect(rows.toSorted()).toEqual(codes.toSorted())
  })

  test('are each met in a test or a scenario', () => {
    const stories = others.filter((one) => isTest(one.path) || one.path.startsWith('scenarios/')).map((one) => one.text)
    expect(Object.keys(refusals).filter((name) => !stories.some((text) => new RegExp(`\\b${name}\\b`).test(text)))).toEqual([])
  })
})

describe('each rule of tidy', () => {
  const of = (name: string, text: string): Source => ({ path: name, text })

  test.each([
    ['Date.now()',                                   1],
    ['new Date()',                                   1],
    ['Math.random()',                                1],
    ['crypto.randomUUID()',                          1],
    ['process.env',                                  1],
    ['setTimeout(run, 1)',                           1],
    ['new Date(given)',                              0],
    ['order.process',                                0],
    ['const step = { crypto: 1 }',                   0],
  ])('%s is an impurity %i times', (text, times) => {
    expect(impurities(of('core/a.ts', text))).toHaveLength(times)
  })

  test.each([
    ['select now()',                                                1],
    ['insert into move (at) values (clock_timestamp())',            1],
    ['select current_timestamp as at',                              1],
    ['update stock set x = random() where site_id = 1',             1],
    ['select sum(quantity) from move',                              1],
    ['select sum(quantity)::bigint, coalesce(sum(a), 0)::int from move', 0],
    ['select sum((a + b)) filter (where (c)) over (w)::bigint from move', 0],
    ['select sum(a) filter (where b) from move',                    1],
    ['select 1 -- not now()',                                       0],
    ['select known_at, now_serving from move',                      0],
  ])('%s has %i faults', (text, times) => {
    expect(sqlFaults(of('server/a.ts', `sql\`${text}\``))).toHaveLength(times)
    expect(sqlFaults(of('server/a.sql', text))).toHaveLength(times)
  })

  test('measures functions, but not the chapters of a test', () => {
    const long = `function walk() {\n${'step()\n'.repeat(80)}}\ndescribe('a', () => {\n${'step()\n'.repeat(80)}})\nconst leap = () => {\n}`
    expect(functionSizes(of('a.ts', long))).toEqual([{ of: 'a.ts#walk', lines: 82 }, { of: 'a.ts#leap', lines: 2 }])
    expect(sizesOverLimit(of('a.ts', long.repeat(3)))).toContainEqual({ of: 'a.ts', lines: 496 })
  })

  test('knows a barrel, an empty name and a missing reason', () => {
    expect(isBarrel(of('index.ts', `export * from './a.ts'\nexport { b } from './b.ts'`))).toBe(true)
    expect(isBarrel(of('index.ts', `export const a = 1`))).toBe(false)
    expect(['core/utils/a.ts', 'server/helpers.ts', 'core/order-service/a.ts', 'core/commons.ts'].map(isNamedAfterNothing)).toEqual([true, true, false, false])
    expect(opensWithItsReason(of('a.ts', `import a from 'b'`))).toBe(false)
    expect(opensWithItsReason(of('a.ts', `// Availability: an item's stock at a site.\n`))).toBe(true)
  })
})
