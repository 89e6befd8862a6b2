import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { controlSite } from '../core/item.ts'
import { sql } from './db.ts'
import { openServer, writeSecretOnce } from './open.ts'
import { removeTemporary, temporaryFolder } from './postgres/temporary.ts'

describe('opening', async () => {
  const folder = await temporaryFolder()
  afterAll(() => removeTemporary(folder))
  const createSite = { kind: 'createSite', code: 'SEA', name: 'Seattle' } as const

  test('makes a database, a seal key that only its owner reads, and lanes that write', async () => {
    const opened = await openServer({ folder })
    const answer = await opened.lanes.submit(controlSite, { command: createSite, caller: 'test', key: 'k1', sha256: Buffer.alloc(32) })
    expect(answer.status).toBe(201)
    expect((await stat(join(folder, 'seal.key'))).mode & 0o777).toBe(0o600)
    expect((await readFile(join(folder, 'seal.key'), 'utf8')).trim()).toBe(opened.sealKey.toString('hex'))
    await expect(opened.database.execute(sql`delete from move`)).rejects.toThrow(/permission denied/)
    await opened.close()
  })

  test('finds both again', async () => {
    const [first, second] = await Promise.all([openServer({ folder }), openServer({ folder })])
    expect(first.sealKey).toEqual(second.sealKey)
    expect(await second.catalog.siteByCode('SEA')).toMatchObject({ name: 'Seattle' })
    await Promise.all([first.close(), second.close()])
  })

  test('a ledger whose key is gone is refused, not sealed with another', async () => {
    const key = await readFile(join(folder, 'seal.key'), 'utf8')
    await rm(join(folder, 'seal.key'))
    await expect(openServer({ folder })).rejects.toMatchObject({ code: 'seal_key_lost' })
    await writeFile(join(folder, 'seal.key'), 'half a ke')
    await expect(openServer({ folder })).rejects.toMatchObject({ code: 'seal_key_not_valid' })
    const opened = await openServer({ folder, sealKey: key })
    expect(opened.sealKey.toString('hex')).toBe(key.trim())
    await opened.close()
  })

  test('a database elsewhere needs its key from elsewhere', async () => {
    await expect(openServer({ folder, url: 'postgres://localhost:1/none' })).rejects.toMatchObject({ code: 'seal_key_missing' })
  })

  test('a secret is written once', async () => {
    const file = join(folder, 'once')
    await Promise.all([writeSecretOnce(file, 'a'), writeSecretOnce(file, 'a')])
    await writeSecretOnce(file, 'b')
    expect(await readFile(file, 'utf8')).toBe('a')
  })
})
