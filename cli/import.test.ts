import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { removeTemporary, temporaryFolder } from '../server/postgres/temporary.ts'
import { testFolder } from '../server/test-database.ts'

const house = join(import.meta.dirname, '..')
const ROWS = 200_000
/** Node alone takes 80; what is read must not add to it row by row. The rows and their objects are some 250. */
const PEAK_MEGABYTES_MAX = 250

describe('a file of many rows', async () => {
  const folder = await temporaryFolder()
  afterAll(() => removeTemporary(folder))
  const data = await testFolder()
  afterAll(() => removeTemporary(data))

  async function qm(...args: readonly string[]) {
    const env = { PATH: process.env['PATH'], NODE_OPTIONS: '--max-old-space-size=64' }
    const child = spawn(process.execPath, [join(house, 'bin', 'qm.js'), ...args, '--folder', data, '--json'], { cwd: house, env })
    let out = ''
    child.stdout.on('data', (bytes: Buffer) => { out += bytes.toString() })
    let peakKilobytes = 0
    const ended = once(child, 'close')
    while (child.exitCode === null) {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
      await Promise.race([ended, sleep(100)])
    }
    await ended
    return { code: child.exitCode, answer: JSON.parse(out) as { faults: number; shown: object[]; files: object[] }, peakMegabytes: peakKilobytes / 1_024 }
  }

  test('is checked in memory that does not grow with it, and each of its faults is counted', async () => {
    const [items, customers, orders] = ['items', 'customers', 'orders'].map((name) => join(folder, `${name}.csv`)) as [string, string, string]
    await writeFile(items, 'sku,name,unit,standard_cost,list_price\nA,Race,EA,1,2\n')
    await writeFile(customers, 'customer_id,type\n7,store\n')
    expect(await qm('import', 'items', items)).toMatchObject({ code: 0 })
    expect(await qm('import', 'customers', customers)).toMatchObject({ code: 0 })
    const file = createWriteStream(orders)
    file.write('order_number,order_date,customer_key,line_no,sku,qty,list_price,note\r\n')
    for (let row = 0; row < ROWS; row += 1_000) {
      // The last row of each thousand is of an item that nobody knows.
      const rows = Array.from({ length: 1_000 }, (_, index) => `SO${row + index},2015-01-01,7,1,${index === 999 ? 'Z' : 'A'},1,4.99,"a ""quoted"" note, ${index}"\r\n`)
      if (!file.write(rows.join(''))) await once(file, 'drain')
    }
    file.end()
    await once(file, 'finish')
    const { code, answer, peakMegabytes } = await qm('import', 'orders', orders, '--dry-run')
    expect(answer).toMatchObject({ faults: ROWS / 1_000, files: [{ rows: ROWS, rejected: ROWS / 1_000, imported: 0 }] })
    expect(answer.shown).toHaveLength(100)
    expect(code).toBe(2)
    // Where there is no /proc, the heap's limit of 64 MB is the proof.
    expect(peakMegabytes).toBeLessThan(PEAK_MEGABYTES_MAX)
  }, 300_000)
})
