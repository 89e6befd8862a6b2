// qm key: API keys: who may ask the server. A secret is shown once, when it is made; only its hash is kept.

import { hash, randomUUID } from 'node:crypto'
import { textOf, type Instant } from '../core/calendar.ts'
import { controlSite, type SiteId } from '../core/item.ts'
import { roles, type Role } from '../core/principal.ts'
import { sql } from '../server/db.ts'
import { newSecret } from '../server/http/master.ts'
import type { Opened } from '../server/open.ts'
import type { Problem } from '../server/problem.ts'
import type { Command as LaneCommand } from '../server/stages.ts'
import { command, oneOf, wholeNumber } from './command.ts'
import { databaseOptions, withDatabase } from './open.ts'
import { UsageError, type ExitCode, type Terminal } from './terminal.ts'

const API_KEY_MAX = 2_147_483_647

interface KeyRow {
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly sites: readonly string[]
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

export const keyCommand = command({
  name: 'key',
  summary: 'Make, list and revoke API keys',
  words: 'create|list|revoke [ID]',
  words_max: 2,
  example: 'qm key create --name "Till 3" --role till --site SEA\nqm key list\nqm key revoke 1002',
  options: {
    name: { type: 'string', value: 'NAME', about: 'Who or what the key is for (create)' },
    role: { type: 'string', value: 'ROLE', about: `What it may do: ${roles.join(', ')} (create)` },
    site: { type: 'string', multiple: true, value: 'CODE', about: 'A site it may see and act on, once for each; without it every site (create)' },
    ...databaseOptions,
  },
  run: async ({ options, words, terminal }) => {
    const action = oneOf('the action', words[0], ['create', 'list', 'revoke'])
    if (action === 'list') return withDatabase(options, terminal, (opened) => list(opened, terminal))
    if (action === 'revoke') {
      const id = wholeNumber('id', words[1], { min: 1, max: API_KEY_MAX })
      if (id === undefined) throw new UsageError('Which key? qm key list shows their ids')
      return withDatabase(options, terminal, (opened) => revoke(opened, id, terminal))
    }
    const { name, site } = options
    const role = oneOf('--role', options.role, roles)
    if (name === undefined || name === '') throw new UsageError('--name is missing: who or what is the key for?')
    return withDatabase(options, terminal, (opened) => create(opened, { name, role, site }, terminal))
  },
})

/** Makes a key and returns its secret, which is kept nowhere. */
export async function makeKey(
  opened: Opened,
  key: { readonly name: string; readonly role: Role; readonly sites: readonly SiteId[] },
): Promise<{ id: number; secret: string }> {
  const secret = newSecret()
  const answer = await submit(opened, { kind: 'createKey', ...key, secretSha256: hash('sha256', secret, 'hex') })
  if ('code' in answer) throw Object.assign(new Error(answer.detail), { code: answer.code })
  return { id: (answer as { id: number }).id, secret }
}

async function create(
  opened: Opened,
  { name, role, site }: { readonly name: string; readonly role: Role; readonly site: readonly string[] },
  terminal: Terminal,
): Promise<ExitCode> {
  const sites = await sitesOf(opened, site)
  const { id, secret } = await makeKey(opened, { name, role, sites })
  terminal.tell({ id, name, role, sites: site, secret }, secret)
  terminal.note(`Key ${id} for ${name}. It is shown this once: keep it.`)
  return 0
}

/** The sites that codes name, or a UsageError. */
export async function sitesOf({ catalog }: Opened, codes: readonly string[]): Promise<readonly SiteId[]> {
  const sites: SiteId[] = []
  for (const code of codes) {
    const known = await catalog.siteByCode(code)
    if (known === undefined) throw new UsageError(`There is no site ${code}`)
    sites.push(known.site)
  }
  return sites
}

async function list(opened: Opened, terminal: Terminal): Promise<ExitCode> {
  const rows = await opened.database.query<KeyRow>(sql`
    select k.api_key_id as id, k.name, k.role, array(select s.code from site s where s.site_id = any(k.site_ids) order by s.code) as sites,
      k.created_at as "createdAt", k.revoked_at as "revokedAt"
    from api_key k order by k.api_key_id`)
  const shown = rows.map((row) => ({ ...row, createdAt: textOf(row.createdAt), revokedAt: row.revokedAt === null ? null : textOf(row.revokedAt) }))
  const line = ({ id, name, role, sites, createdAt, revokedAt }: (typeof shown)[number]): string =>
    [id, role, sites.length === 0 ? 'every site' : sites.join(' '), name, `made ${createdAt}`, revokedAt === null ? '' : `revoked ${revokedAt}`]
      .join('  ')
      .trimEnd()
  terminal.tell({ keys: shown }, shown.length === 0 ? 'There is no key yet: qm key create --name NAME --role admin' : shown.map(line).join('\n'))
  return 0
}

async function revoke(opened: Opened, id: number, terminal: Terminal): Promise<ExitCode> {
  const answer = await submit(opened, { kind: 'revokeKey', apiKey: id })
  if ('code' in answer) {
    terminal.tell({ error: answer }, answer.detail)
    return 1
  }
  terminal.tell(answer, `Key ${id} is revoked.`)
  return 0
}

/** Sends a command to the control site, as who stands at the machine. */
export async function submit({ lanes }: Opened, order: LaneCommand): Promise<object | Problem> {
  const sha256 = hash('sha256', JSON.stringify(order), 'buffer')
  const answer = await lanes.submit(controlSite, { command: order, caller: 'cli', key: randomUUID(), sha256 })
  return JSON.parse(answer.body) as object | Problem
}
