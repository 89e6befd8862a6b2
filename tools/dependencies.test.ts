import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dependenciesOf, type Dependencies } from './dependencies.ts'

const house = path.join(import.meta.dirname, '..')

//  from                          imports                        breaks (empty: allowed). Each file stands here once.
const stories: [string, string, string][] = [
  ['core/flow/a-reader.ts',       'core/quantity.ts',            ''],
  ['core/flow/reserve.ts',        'core/flow/order.ts',          ''],
  ['core/flow/flow.ts',           'core/flow/return.ts',         ''],
  ['server/flow/reserve.ts',      'core/flow/reserve.ts',        ''],
  ['server/db.ts',                'pg',                          ''],
  ['tools/look.ts',               'server/lane.ts',              ''],
  ['core/money.ts',               'core/plan/filter.ts',         'core nouns imports only what comes before it'],
  ['core/plan/routing.ts',        'core/flow/order.ts',          'core/plan imports only what comes before it'],
  ['core/flow/sell.ts',           'core/loop/record.ts',         'core/flow imports only what comes before it'],
  ['core/loop/belief.ts',         'core/flow/order.ts',          'core/loop imports only what comes before it'],
  ['core/flow/promise.ts',        'core/flow/reserve.ts',        'core/flow/promise imports only earlier stages'],
  ['core/flow/promise-lots.ts',   'core/flow/sell.ts',           'core/flow/promise imports only earlier stages'],
  ['core/loop/count.ts',          'core/loop/forecast.ts',       'core/loop/count imports only earlier stages'],
  ['server/flow/order.ts',        'server/flow/sell.ts',         'server/flow/order imports only earlier stages'],
  ['core/item.ts',                'node:fs',                     'core is pure'],
  ['core/place.ts',               'zod',                         'core is pure'],
  ['core/move.ts',                'api/orders.ts',               'core is pure'],
  ['api/orders.ts',               'server/lane.ts',              'api imports only what comes before it'],
  ['api/stock.ts',                'fastify',                     'api knows core and zod only'],
  ['web/page.ts',                 'server/lane.ts',              'web imports only what comes before it'],
  ['server/http.ts',              'web/page.ts',                 'server imports only what comes before it'],
  ['scenarios/pages.ts',          'web/frame.ts',                'web is imported by nobody'],
  ['web/flow.ts',                 'api/endpoints.ts',            'web imports only types of api'],
  ['web/loop.ts',                 'core/hold.ts',                ''],
  ['sim/world.ts',                'bench/orders.ts',             'sim imports only what comes before it'],
  ['bench/limit.ts',              'pg',                          'one file imports the database driver'],
  ['scenarios/explain/recount/value.ts', 'core/price.ts',        'what recounts an explanation shares nothing with what explains'],
  ['scenarios/explain/recount/stock.ts', 'scenarios/chance.ts',  'what recounts an explanation shares nothing with what explains'],
  ['scenarios/explain/recount/cost.ts',  'scenarios/explain/recount/raw.ts', ''],
  ['server/jobs.ts',              'tools/look.ts',               'tools is imported by nobody'],
  ['server/main.ts',              'server/lane.test.ts',         'no file outside imports a test'],
  ['server/ring.ts',              'server/gnir.ts',              'nothing runs in a circle'],
  ['server/lost.ts',              'server/nowhere.ts',           'every import is found'],
]

describe('the dependency rule', () => {
  let folder: string
  let found: Dependencies

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'quartermaster-rule-'))
    symlinkSync(path.join(house, 'node_modules'), path.join(folder, 'node_modules'))
    copyFileSync(path.join(house, 'tsconfig.json'), path.join(folder, 'tsconfig.json'))
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), text)
    }
    const isFile = (name: string) => name.endsWith('.ts')
    for (const [, to] of stories) if (isFile(to) && !to.includes('nowhere')) write(to, 'export const name = 1\n')
    write('server/gnir.ts', `import './ring.ts'\n`)
    const from = new Map<string, string>()
    for (const [file, to] of stories) {
      const name = isFile(to) ? path.relative(path.dirname(file), to) : to
      from.set(file, `${from.get(file) ?? 'export const name = 1\n'}import '${name.startsWith('.') || !isFile(to) ? name : `./${name}`}'\n`)
    }
    for (const [file, text] of from) write(file, text)
    found = await dependenciesOf(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(stories)('%s -> %s: %s', (from, to, rule) => {
    // A circle is reported at one of its files only.
    const broken = found.summary.violations.filter((one) => one.from === from || (one.from === to && one.to === from))
    if (rule === '') expect(broken).toEqual([])
    else expect(broken.map((one) => one.rule.name)).toContain(rule)
  })
})
