// Password: hashed with Argon2id, the parameters kept with the hash (PHC string format), so that they can be raised: who signs in with a hash of
// other parameters is hashed anew. The parameters are those of the OWASP password storage cheat sheet.
//
// Checking a name that nobody has takes as long as checking one that somebody has: it checks against a hash of nothing.

import crypto, { type Argon2Parameters } from 'node:crypto'

export interface PasswordParameters {
  readonly memory_kibibytes: number
  readonly passes: number
  readonly lanes: number
}

export const passwordParameters: PasswordParameters = { memory_kibibytes: 19_456, passes: 2, lanes: 1 }

const SALT_BYTES = 16
const TAG_BYTES = 32
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

export async function hashPassword(password: string, parameters = passwordParameters): Promise<string> {
  const salt = crypto.randomBytes(SALT_BYTES)
  const { memory_kibibytes, passes, lanes } = parameters
  const tag = await argon2id(password, salt, parameters)
  return `$argon2id$v=19$m=${memory_kibibytes},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Whether it is the password of a hash; without a hash it is not, after the same time. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parsed = partsOf(hash ?? (await nobodysHash()))
  const tag = await argon2id(password, parsed.salt, parsed.parameters, parsed.tag.length)
  return crypto.timingSafeEqual(tag, parsed.tag) && hash !== undefined
}

export const isOutdated = (hash: string): boolean => {
  const { parameters } = partsOf(hash)
  return Object.entries(passwordParameters).some(([name, value]) => parameters[name as keyof PasswordParameters] !== value)
}

let nobody: Promise<string> | undefined
const nobodysHash = (): Promise<string> => (nobody ??= hashPassword(crypto.randomBytes(TAG_BYTES).toString('hex')))

function partsOf(hash: string): { readonly parameters: PasswordParameters; readonly salt: Buffer; readonly tag: Buffer } {
  const [, memory, passes, lanes, salt, tag] = PHC.exec(hash) ?? []
  if (tag === undefined) throw new Error('This is no hash of a password.')
  const parameters = { memory_kibibytes: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  return { parameters, salt: Buffer.from(salt!, 'base64'), tag: Buffer.from(tag, 'base64') }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** What looks the same is the same: keyboards differ in how they compose letters. */
function argon2id(password: string, nonce: Buffer, { memory_kibibytes, passes, lanes }: PasswordParameters, tagLength = TAG_BYTES): Promise<Buffer> {
  const wanted: Argon2Parameters = { message: password.normalize('NFKC'), nonce, memory: memory_kibibytes, passes, parallelism: lanes, tagLength }
  return new Promise((resolve, reject) => {
    // Node has it from 24.7 on; asked for here, so that an older one can do everything else.
    if (typeof crypto.argon2 !== 'function') return reject(new Error('Passwords need Node 24.7 or later.'))
    crypto.argon2('argon2id', wanted, (error, tag) => (error === null ? resolve(tag) : reject(error)))
  })
}
