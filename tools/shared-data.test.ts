import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { sharedData } from './shared-data.ts'

test('shared data is found, or named as not run, or missed where it must be', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quartermaster-shared-'))
  mkdirSync(path.join(folder, 'data/routing'), { recursive: true })
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(sharedData('routing', 'Solomon instances', { QUARTERMASTER_SHARED: folder })).toBe(path.join(folder, 'data/routing'))
    expect(said).not.toHaveBeenCalled()
    expect(sharedData('planning', 'M3 series', { QUARTERMASTER_SHARED: folder })).toBeUndefined()
    expect(said).toHaveBeenCalledWith('not run: M3 series\n')
    expect(() => sharedData('planning', 'M3 series', { QUARTERMASTER_SHARED: folder, CI: 'true' })).toThrow('M3 series needs')
  } finally {
    said.mockRestore()
    rmSync(folder, { recursive: true })
  }
})
