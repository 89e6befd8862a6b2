import { describe, expect, test } from 'vitest'
import { startErrorFrom, withCause } from './start-error.ts'

describe('why PostgreSQL did not start', () => {
  //    what was said                                                                                              code
  test.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device',                                'disk_full'],
    ['initdb: error: could not write to file: Disk quota exceeded',                                                'disk_full'],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory',                                      'memory_short'],
    ['FATAL:  lock file "postmaster.pid" already exists',                                                          'lock_held'],
    ['FATAL:  pre-existing shared memory block (key 5, ID 7) is still in use',                                     'lock_held'],
    ['initdb: error: could not look up effective user ID 65534: user does not exist',                              'user_missing'],
    ['postgres: error while loading shared libraries: libicuuc.so.60: cannot open shared object file',             'binaries_broken'],
    ["/lib/libc.so.6: version `GLIBC_2.27' not found",                                                             'binaries_broken'],
    ['spawn ENOEXEC',                                                                                              'binaries_broken'],
    ['FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 17', 'version_newer'],
    ['initdb: error: could not create directory "data": Permission denied',                                        'folder_not_permitted'],
    ['EROFS: read-only file system, mkdir',                                                                        'folder_not_permitted'],
    ['FATAL:  data directory "data" has wrong ownership',                                                          'folder_not_permitted'],
  ])('%s', (said, code) => {
    const error = startErrorFrom(said, '/somewhere/data')
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/^[A-Z][^\n]*\.$/)
  })

  test('what nobody has met quotes the line that tells most', () => {
    const said = 'LOG:  starting\nFATAL:  the moon is in the wrong house\nLOG:  database system is shut down\n'
    expect(startErrorFrom(said, '/somewhere/data')).toMatchObject({ code: 'start_failed', message: 'PostgreSQL did not start in /somewhere/data: FATAL:  the moon is in the wrong house' })
  })

  test('an error of the file system gets its sentence, any other passes as it is', async () => {
    const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/somewhere/data'"), { syscall: 'mkdir' })
    await expect(withCause('/somewhere/data', () => Promise.reject(denied))).rejects.toMatchObject({ code: 'folder_not_permitted' })
    const other = new Error('EACCES in a story')
    await expect(withCause('/somewhere/data', () => Promise.reject(other))).rejects.toBe(other)
  })
})
