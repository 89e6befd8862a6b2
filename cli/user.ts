// qm user: people who may sign in. A password is typed or piped in, never an argument; only its hash is kept.

import { userName } from '../api/fields.ts'
import { textOf, type Instant } from '../core/calendar.ts'
import { roles, type Role } from '../core/principal.ts'
import { sql } from '../server/db.ts'
import type { Opened } from '../server/open.ts'
import { hashPassword } from '../server/password.ts'
import type { Problem } from '../server/problem.ts'
import type { Command as LaneCommand } from '../server/stages.ts'
import { command, oneOf } from './command.ts'
import { sitesOf, submit } from './key.ts'
import { databaseOptions, withDatabase } from './open.ts'
import { readPassword } from './password.ts'
import { UsageError, type ExitCode, type Terminal } from './terminal.ts'

const actions = ['add', 'list', 'edit', 'passwd', 'deactivate', 'activate'] as const

export const userCommand = command({
  name: 'user',
  summary: 'Add people who may sign in, and change what they may do',
  words: `${actions.join('|')} [NAME]`,
  words_max: 2,
  example: [
    'qm user add ann --display "Ann Andrews" --role sales --site SEA',
    'qm user list',
    'qm user passwd ann < password.txt',
    'qm user deactivate ann',
  ].join('\n'),
  options: {
    display: { type: 'string', value: 'NAME', about: 'The name that is shown (add, edit); without it the sign-in name' },
    role: { type: 'string', value: 'ROLE', about: `What he may do: ${roles.join(', ')} (add, edit)` },
    site: { type: 'string', multiple: true, value: 'CODE', about: 'A site he may see and act on, once for each; without it every site (add)' },
    ...databaseOptions,
  },
  run: async ({ options, words, terminal }) => {
    const action = oneOf('the action', words[0], actions)
    if (action === 'list') return withDatabase(options, terminal, (opened) => list(opened, terminal))
    const { data: name } = userName.safeParse(words[1])
    if (name === undefined) throw new UsageError('Whose? A sign-in name is small letters, digits and . _ @ + -')
    const role = options.role === undefined && action !== 'add' ? undefined : oneOf('--role', options.role, roles)
    const password = action === 'add' || action === 'passwd' ? await readPassword() : ''
    return withDatabase(options, terminal, async (opened) =>
      told(name, await submit(opened, await meant(opened, { ...options, action, name, role, password })), terminal),
    )
  },
})

interface Meant {
  readonly action: Exclude<(typeof actions)[number], 'list'>
  readonly name: string
  readonly display: string | undefined
  readonly role: Role | undefined
  readonly site: readonly string[]
  readonly password: string
}

async function meant(opened: Opened, { action, name, display, role, site, password }: Meant): Promise<LaneCommand> {
  const sites = await sitesOf(opened, site)
  switch (action) {
    case 'add':
      return { kind: 'createUser', name, displayName: display ?? name, role: role!, sites, passwordHash: await hashPassword(password) }
    case 'edit':
      return {
        kind: 'editUser',
        name,
        version: null,
        ...(display === undefined ? {} : { displayName: display }),
        ...(role === undefined ? {} : { role }),
        ...(site.length === 0 ? {} : { sites }),
      }
    case 'passwd':
      return { kind: 'setPassword', name, passwordHash: await hashPassword(password), checkedHash: null }
    case 'deactivate':
      return { kind: 'deactivateUser', name }
    case 'activate':
      return { kind: 'activateUser', name }
  }
}

function told(name: string, answer: object | Problem, terminal: Terminal): ExitCode {
  if ('code' in answer) {
    terminal.tell({ error: answer }, answer.detail)
    return 1
  }
  terminal.tell(answer, `Done: ${name}.`)
  return 0
}

interface Row {
  readonly name: string
  readonly displayName: string
  readonly role: Role
  readonly sites: readonly string[]
  readonly createdAt: Instant
  readonly deactivatedAt: Instant | null
}

async function list(opened: Opened, terminal: Terminal): Promise<ExitCode> {
  const rows = await opened.database.query<Row>(sql`
    select u.name, u.display_name as "displayName", u.role, array(select s.code from site s where s.site_id = any(u.site_ids) order by s.code) as sites,
      u.created_at as "createdAt", u.deactivated_at as "deactivatedAt"
    from users u order by u.name`)
  const users = rows.map((row) => ({
    ...row,
    createdAt: textOf(row.createdAt),
    deactivatedAt: row.deactivatedAt === null ? null : textOf(row.deactivatedAt),
  }))
  const line = ({ name, displayName, role, sites, deactivatedAt }: (typeof users)[number]): string =>
    [name, role, sites.length === 0 ? 'every site' : sites.join(' '), displayName, deactivatedAt === null ? '' : `deactivated ${deactivatedAt}`]
      .join('  ')
      .trimEnd()
  terminal.tell({ users }, users.length === 0 ? 'There is no user yet: qm user add NAME --role admin' : users.map(line).join('\n'))
  return 0
}
