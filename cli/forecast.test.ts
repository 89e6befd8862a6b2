// qm forecast, as people use it: a file in, a file out, and every fault of the file told.

import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'

const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))
const at = (name: string) => join(folder, name)

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }
function qm(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/qm.js'), 'forecast', ...args], { cwd: folder, env: { PATH: process.env['PATH'] } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => { said.out += bytes.toString() })
  child.stderr.on('data', (bytes: Buffer) => { said.err += bytes.toString() })
  return new Promise((resolve) => { child.on('close', (code) => resolve({ code, ...said })) })
}

const HEADER = 'series,step,mean,q05,q10,q25,q50,q75,q80,q90,q95,q99,method'
const months = Array.from({ length: 36 }, (_, month) => `${2021 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`)
const wave = (month: number) => 100 + 40 * Math.sin((month * Math.PI) / 6)
const rows = [
  ...months.map((month, index) => `"shirts, blue",${month},${wave(index)}`),
  ...months.map((month, index) => `screws,${month},${index % 5 === 0 ? 3 : 0}`),
  ...months.filter((_, index) => index % 9 !== 4).map((month, index) => `gaps,${month},${index % 7 === 0 ? '' : 50 + (index % 3)}`),
]
await writeFile(at('demand.csv'), ['series,period,value', ...rows].join('\n'))
const usual = ['--frequency', '12', '--horizon', '6']

async function forecasts(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { code, err } = await qm(...args, '--output', 'out.csv')
  expect([code, err]).toEqual([0, ''])
  const [header, ...lines] = (await readFile(at('out.csv'), 'utf8')).trimEnd().split('\n')
  expect(header).toBe(HEADER)
  return lines.map((line) => line.replace('"shirts, blue"', 'shirts').split(','))
}

describe('a file of series', () => {
  test('becomes a file of forecasts, in order, each by its own method', async () => {
    const { code, out, err } = await qm('--input', 'demand.csv', ...usual, '--output', 'out.csv')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^3 series from 104 rows, 9 periods without a value: 6 periods of each are in out\.csv\.\nBy method: 1 seasonal, 1 intermittent, 1 smooth\.\n[\d.]+ s\n$/)
    const lines = await forecasts('--input', 'demand.csv', ...usual)
    expect(lines.map(([series, step, ...rest]) => [series, step, rest.at(-1)])).toEqual(
      [['shirts', 'seasonal'], ['screws', 'intermittent'], ['gaps', 'smooth']].flatMap(([name, method]) => [1, 2, 3, 4, 5, 6].map((step) => [name, String(step), method])),
    )
    for (const [, , mean, ...rest] of lines) {
      const quantiles = rest.slice(0, -1).map(Number)
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
      expect(Number(mean)).toBeGreaterThan(0)
      expect(quantiles[0]).toBeGreaterThanOrEqual(0)
    }
    for (const [step, line] of lines.slice(0, 6).entries()) expect(Math.abs(Number(line[2]) - wave(36 + step))).toBeLessThan(12)
  })

  test('is told of to machines', async () => {
    const { code, out } = await qm('--input', 'demand.csv', ...usual, '--output', 'out.csv', '--json', '--progress')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      input: 'demand.csv', output: 'out.csv', series: 3, rows: 104, missing: 9, horizon: 6, seasons: [12], methods: { seasonal: 1, intermittent: 1, smooth: 1 }, seconds: expect.any(Number) as number,
    })
  })

  test('in any order and form of period is the same', async () => {
    const plain = await forecasts('--input', 'demand.csv', ...usual)
    const sorted = (lines: readonly (readonly string[])[]) => lines.map((line) => line.join()).toSorted()
    await writeFile(at('turned.csv'), ['series,period,value', ...rows.toReversed()].join('\r\n'))
    expect(sorted(await forecasts('--input', 'turned.csv', ...usual))).toEqual(sorted(plain))
    const other = (of: (index: number) => string) => rows.map((row) => row.replace(/,(\d{4}-\d\d),/, (_, month: string) => `,${of(months.indexOf(month))},`))
    for (const of of [(index: number) => String(index + 7), (index: number) => `${months[index]}-17`]) {
      await writeFile(at('other.csv'), ['series,period,value', ...other(of)].join('\n'))
      expect(await forecasts('--input', 'other.csv', ...usual)).toEqual(plain)
    }
  })

  test('goes to standard output where no file is named', async () => {
    const { code, out } = await qm('--input', 'demand.csv', ...usual)
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe(HEADER)
    expect(out.trimEnd().split('\n')).toHaveLength(1 + 18)
  })

  test('adds up, if that is asked', async () => {
    const [single, together] = [await forecasts('--input', 'demand.csv', ...usual), await forecasts('--input', 'demand.csv', ...usual, '--cumulative')]
    const sum = single.slice(0, 6).reduce((yet, line) => yet + Number(line[2]), 0)
    expect(Number(together[5]![2])).toBeCloseTo(sum, 5)
    expect(Number(together[5]![11]) - Number(together[5]![3])).toBeGreaterThanOrEqual(Number(single[5]![11]) - Number(single[5]![3]))
  })

  test('adds up with the sums of all whose names begin alike', async () => {
    const named = rows.map((row) => row.replace('"shirts, blue"', 'SEA/Clothes/shirts').replace(/^screws/, 'SEA/screws').replace(/^gaps/, 'PDX/gaps'))
    await writeFile(at('sites.csv'), ['series,period,value', ...named].join('\n'))
    const lines = await forecasts('--input', 'sites.csv', ...usual, '--sums')
    const mean = (name: string, step: number): number => Number(lines.find((line) => line[0] === name && line[1] === String(step))![2])
    expect([...new Set(lines.map((line) => line[0]))]).toEqual(['(all)', 'SEA', 'SEA/Clothes', 'SEA/Clothes/shirts', 'SEA/screws', 'PDX', 'PDX/gaps'])
    for (let step = 1; step <= 6; step += 1) {
      expect(mean('SEA/Clothes', step) + mean('SEA/screws', step)).toBeCloseTo(mean('SEA', step), 6)
      expect(mean('SEA', step) + mean('PDX', step)).toBeCloseTo(mean('(all)', step), 6)
    }
    await writeFile(at('both.csv'), ['series,period,value', ...named, 'SEA,2021-01,3'].join('\n'))
    expect(await qm('--input', 'both.csv', ...usual, '--sums', '--output', 'none.csv')).toMatchObject({ code: 2, err: expect.stringContaining('SEA is a series, and the sum of others') as string })
  })

  test('adds up to longer periods', async () => {
    const lines = await forecasts('--input', 'demand.csv', ...usual, '--blocks', '3,6')
    expect(lines).toHaveLength(18)
    const plain = await forecasts('--input', 'demand.csv', ...usual)
    // What is so regular agrees as it is.
    expect(lines.slice(0, 6)).toEqual(plain.slice(0, 6))
    expect(lines.slice(6)).not.toEqual(plain.slice(6))
  })

  test('without a series is a file without a forecast', async () => {
    await writeFile(at('none.csv'), 'series,period,value\n')
    expect(await forecasts('--input', 'none.csv', ...usual)).toEqual([])
  })
})

describe('a file with faults', () => {
  test.each([
    ['values that are none',    ['a,1,many', 'a,2,1e999', 'a,3,1 000'], [/row 2, value: "many" is not a number; .* \(body_not_valid\)/, /row 3, value: "1e999" is not/, /row 4, value: "1 000" is not/]],
    ['periods that are none',   ['a,June,1', 'a,2024-13,1', 'a,2024-02-30,1'], [/row 2, period: "June" is no period: a whole number, or as .*/, /row 3, period: .*/, /row 4, period: .*/]],
    ['periods of two forms',    ['a,2024-01,1', 'a,7,1'],               [/row 3, period: "7" is a whole number, those before are months\. .*/]],
    ['a period twice',          ['a,1,1', 'b,1,1', 'a,1,2'],            [/row 4, period: a has the period 1 twice\. .*/]],
    ['a month twice',           ['a,2024-01-01,1', 'a,2024-01-31,1'],   [/row 3, period: a has the period 2024-01-31 twice\. .*/]],
    ['too few cells',           ['a,1'],                                [/row 2: The row has 2 cells, the header 3\. .*/]],
    ['no series',               [',1,1'],                               [/row 2, series: It is empty.*/]],
    ['a quote never closed',    ['"a,1,1'],                             [/row 2: A quote is opened here and never closed\. .*/]],
  ] as const)('(%s) is refused with row and cause', async (_what, faulty, causes) => {
    await writeFile(at('wrong.csv'), ['series,period,value', ...faulty].join('\n'))
    const { code, out, err } = await qm('--input', 'wrong.csv', ...usual, '--output', 'never.csv')
    expect(err).toMatch(new RegExp(`^qm: ${causes.map(({ source }) => `wrong\\.csv: ${source}.*\\n`).join('')}$`))
    expect([code, out]).toEqual([2, ''])
    await expect(readFile(at('never.csv'))).rejects.toThrow('ENOENT')
  })

  test.each([
    ['series,period\na,1\n',              'wrong.csv: row 1, value: The column is missing. (body_not_valid)'],
    ['',                                  'wrong.csv: row 1: The file is empty: it has no header. (body_not_valid)'],
    ['series,period,value\na,1,1\na,9999999,1\n', 'wrong.csv: a has 9999999 periods from its first to its last, more than 1000000. (body_not_valid)'],
  ])('%j is refused', async (text, cause) => {
    await writeFile(at('wrong.csv'), text)
    expect(await qm('--input', 'wrong.csv', ...usual, '--output', 'never.csv')).toEqual({ code: 2, out: '', err: `qm: ${cause}\n` })
  })

  test('has at most twenty of them told', async () => {
    await writeFile(at('wrong.csv'), ['series,period,value', ...Array.from({ length: 500 }, (_, index) => `a,${index},x`)].join('\n'))
    const { err } = await qm('--input', 'wrong.csv', ...usual, '--output', 'never.csv')
    expect(err.trimEnd().split('\n')).toHaveLength(21)
    expect(err).toMatch(/\.\.\. and at least \d+ more\n$/)
  })
})

test.each([
  [['--frequency', '12', '--horizon', '6'],                                  'What is to be forecast?'],
  [['--input', 'demand.csv', '--horizon', '6'],                              'How many periods has a season?'],
  [['--input', 'demand.csv', ...usual, '--sums', '--blocks', '3'],           '--sums goes with neither'],
  [['--input', 'demand.csv', ...usual, '--blocks', '3,4'],                   '--blocks: 4 is not several times 3'],
  [['--input', 'demand.csv', '--frequency', '12'],                           'How many periods are to be forecast?'],
  [['--input', 'demand.csv', '--frequency', '0', '--horizon', '6'],          '--frequency takes a whole number from 1'],
  [['--input', 'demand.csv', '--frequency', '12,', '--horizon', '6'],        '--frequency takes a whole number'],
  [['--input', 'demand.csv', '--frequency', '1,2,3,4,5', '--horizon', '6'],  '--frequency takes at most 4'],
  [['--input', 'demand.csv', '--frequency', '12', '--horizon', '0'],         '--horizon takes a whole number from 1'],
  [['--input', 'nowhere.csv', ...usual],                                     'There is no nowhere.csv'],
  [['--input', '.', ...usual],                                               '. is not a file'],
  [['--input', 'demand.csv', ...usual, '--output', 'no/folder/out.csv'],     'There is no no/folder/out.csv'],
])('%j is refused: %s', async (args, cause) => {
  const { code, out, err } = await qm(...args)
  expect(err).toContain(`qm: ${cause}`)
  expect([code, out]).toEqual([2, ''])
  expect(err).not.toMatch(/\n\s+at /)
})

test('a summary for machines needs a file for the forecasts', async () => {
  const { code, out } = await qm('--input', 'demand.csv', ...usual, '--json')
  expect(code).toBe(2)
  expect(JSON.parse(out)).toEqual({ error: { code: 'usage', detail: '--json tells a summary: name --output for the forecasts' } })
})
