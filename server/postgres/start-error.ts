// Why PostgreSQL did not start, in one sentence a person can act on. PostgreSQL itself says it in its log, a library loader or an
// errno; each cause that was met gets a code here, and what nobody has met yet quotes the log instead of guessing.

export type PostgresStartCode =
  | 'binaries_missing'
  | 'binaries_broken'
  | 'user_missing'
  | 'folder_not_permitted'
  | 'folder_of_another_user'
  | 'folder_foreign'
  | 'version_newer'
  | 'version_older'
  | 'disk_full'
  | 'memory_short'
  | 'lock_held'
  | 'socket_folder_taken'
  | 'start_timed_out'
  | 'stop_timed_out'
  | 'start_failed'

export class PostgresStartError extends Error {
  readonly code: PostgresStartCode

  constructor(code: PostgresStartCode, message: string) {
    super(message)
    this.name = 'PostgresStartError'
    this.code = code
  }
}

interface Cause {
  readonly pattern: RegExp
  readonly code: PostgresStartCode
  readonly sentence: (folder: string) => string
}

/** Order matters: a full disk also makes later lines say that a file is missing or a start failed. */
const causes: readonly Cause[] = [
  {
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/,
    code: 'disk_full',
    sentence: (folder) => `The disk that holds ${folder} is full: free some space and start again.`,
  },
  {
    pattern: /Cannot allocate memory|could not map anonymous shared memory/,
    code: 'memory_short',
    sentence: () => 'PostgreSQL could not get the memory it needs (256 MB shared): free some memory and start again.',
  },
  {
    pattern: /lock file ".*" (already exists|is empty)|pre-existing shared memory block/,
    code: 'lock_held',
    sentence: (folder) => `Another PostgreSQL still holds ${folder} and does not answer: stop it, then start again.`,
  },
  {
    pattern: /could not look up effective user ID/,
    code: 'user_missing',
    sentence: () => 'PostgreSQL must not run as root and this machine has no user "nobody" (65534): start as an ordinary user.',
  },
  {
    pattern: /error while loading shared libraries|cannot open shared object file|GLIBC_|Exec format error|ENOEXEC/,
    code: 'binaries_broken',
    sentence: () => 'The PostgreSQL that npm installed does not run on this machine: run "npm ci" again, or set DATABASE_URL.',
  },
  {
    pattern: /was initialized by PostgreSQL version/,
    code: 'version_newer',
    sentence: (folder) => `The data in ${folder} was made by another version of PostgreSQL: use the Quartermaster that made it.`,
  },
  {
    pattern: /Permission denied|EACCES|EPERM|EROFS|Read-only file system|Operation not permitted|has wrong ownership/,
    code: 'folder_not_permitted',
    sentence: (folder) => `There is no permission to write in ${folder}: choose another folder or change its owner.`,
  },
]

/** Reads the cause out of what PostgreSQL, the loader or the file system said. */
export function startErrorFrom(said: string, folder: string): PostgresStartError {
  const cause = causes.find(({ pattern }) => pattern.test(said))
  if (cause) return new PostgresStartError(cause.code, cause.sentence(folder))
  return new PostgresStartError('start_failed', `PostgreSQL did not start in ${folder}: ${mostTellingLine(said)}`)
}

/** Runs work on the folder and gives its file system errors the sentence of their cause. */
export async function withCause<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw startErrorFrom(error.message, folder)
    throw error
  }
}

function mostTellingLine(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  return lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1) ?? 'it said nothing.'
}
