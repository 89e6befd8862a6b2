// Why a backup or a restore was not done, in one sentence a person can act on. Codes are for ever, like those of refusals; docs/backup.md has
// them all.

export type BackupCode =
  | 'nothing_to_back_up'
  | 'file_taken'
  | 'file_not_permitted'
  | 'disk_full'
  | 'folder_missing'
  | 'stopped'
  | 'not_a_backup'
  | 'backup_cut_off'
  | 'backup_altered'
  | 'backup_newer'
  | 'backup_foreign'
  | 'seal_key_wrong'
  | 'target_not_empty'
  | 'target_in_use'

export class BackupError extends Error {
  readonly code: BackupCode

  constructor(code: BackupCode, message: string) {
    super(message)
    this.name = 'BackupError'
    this.code = code
  }
}

const causes: Readonly<Record<string, readonly [BackupCode, (file: string) => string]>> = {
  EACCES: ['file_not_permitted', (file) => `There is no permission to write ${file}: choose another place.`],
  EPERM: ['file_not_permitted', (file) => `There is no permission to write ${file}: choose another place.`],
  EROFS: ['file_not_permitted', (file) => `${file} lies on a disk that can only be read: choose another place.`],
  ENOSPC: ['disk_full', (file) => `The disk has no room for ${file}; nothing was left of it: free some, or choose another place.`],
  EDQUOT: ['disk_full', (file) => `The quota has no room for ${file}; nothing was left of it: free some, or choose another place.`],
  EFBIG: ['disk_full', (file) => `${file} would be larger than a file may be there; nothing was left of it: choose another place.`],
  ENOENT: ['folder_missing', (file) => `There is no folder for ${file}: make it first.`],
  EISDIR: ['file_taken', (file) => `${file} is a folder: say the name of a file in it.`],
  ENOTDIR: ['folder_missing', (file) => `There is no folder for ${file}: make it first.`],
}

/** What the file system said about writing a file, with the sentence of its cause. */
export function writeFault(error: unknown, file: string): unknown {
  const cause = causes[(error as NodeJS.ErrnoException).code ?? '']
  return cause === undefined || !(error instanceof Error) || !('syscall' in error) ? error : new BackupError(cause[0], cause[1](file))
}
