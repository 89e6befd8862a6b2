import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { missingFrom, type Lockfile } from './lockfile.ts'
import { house } from './sources.ts'

test('the lockfile names the packages of every platform, or npm ci refuses it (npm run lockfile mends it)', () => {
  const lockfile = JSON.parse(readFileSync(path.join(house, 'package-lock.json'), 'utf8')) as Lockfile
  expect([...missingFrom(lockfile).keys()]).toEqual([])
})

test('a missing package is written from the one that asks for it', () => {
  const optionalDependencies = { 'oar-linux-x64-musl': '1.2.3', 'oar-darwin-arm64': '1.2.3', 'oar-linux-x64-gnu': '1.2.3' }
  const lockfile = { packages: { 'node_modules/oar': { dev: true, optionalDependencies }, 'node_modules/oar-linux-x64-gnu': { version: '1.2.3' } } }
  expect(Object.fromEntries(missingFrom(lockfile))).toEqual({
    'node_modules/oar-linux-x64-musl': { version: '1.2.3', dev: true, optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/oar-darwin-arm64':   { version: '1.2.3', dev: true, optional: true, os: ['darwin'], cpu: ['arm64'] },
  })
})
