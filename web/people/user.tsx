// User: one person who may sign in: what he may do and where, his sessions, what he did last; and what can be changed of it.

import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type EndpointName, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useMay, useSession } from '../session.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { instant } from '../ui/format.ts'
import { AwaitedPage, Facts, Page, Panel } from '../ui/page.tsx'
import { ShortTable } from '../ui/short-table.tsx'
import { Done, Empty, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { commandWord } from '../ui/command-words.ts'
import { roleWords, sitesWord } from '../ui/words.ts'
import { DocumentLink, Outcome } from './audited.tsx'
import { EditUser } from './edit-user.tsx'
import styles from './people.module.css'
import { Sessions } from './sessions.tsx'
import { UserBadge } from './users.tsx'

type User = Answer<'getUser'>

const DEEDS_SHOWN = 10

const route = getRouteApi('/users/$name')

export function UserPage() {
  const { name } = route.useParams()
  const may = useMay()
  const query = useQuery<User, Problem>({
    queryKey: ['user', name],
    queryFn: ({ signal }) => read('/api/users/{name}', { params: { name } }, signal),
    meta: live,
  })
  const back = { to: '/users', text: 'Users' } as const
  const user = query.data
  if (user === undefined) return <AwaitedPage query={query} title={name} back={back} />
  return (
    <UserShown user={user} back={back} onConflict={query.refetch}>
      <UserSessions name={name} />
      {may('listAudit') && <LastDone name={name} />}
    </UserShown>
  )
}

interface ShownProps {
  readonly user: User
  readonly back: { readonly to: '/users'; readonly text: string }
  readonly onConflict: () => unknown
  readonly children: React.ReactNode
}

/** The user and what can be done with him; what was done is told until the next. */
function UserShown({ user, back, onConflict, children }: ShownProps) {
  const [asking, setAsking] = useState<Action>()
  const [done, setDone] = useState<string>()
  const end = (told?: string): void => {
    setAsking(undefined)
    if (told !== undefined) setDone(told)
  }
  return (
    <Page title={user.displayName} badge={<UserBadge active={user.active} />} back={back} actions={<Actions user={user} onAsk={setAsking} />}>
      {done !== undefined && <Done>{done}</Done>}
      <Facts
        facts={[
          [
            'Signs in as',
            <span key="name" className="code">
              {user.name}
            </span>,
          ],
          ['Role', roleWords[user.role].word],
          ['Sites', sitesWord(user.sites)],
          ['Since', instant(user.createdAt)],
        ]}
      />
      {children}
      {asking === 'edit' && <EditUser user={user} onConflict={onConflict} onClose={end} />}
      {asking !== undefined && asking !== 'edit' && <Asked key={asking} action={asking} user={user} onClose={end} />}
    </Page>
  )
}

/** What can be done, the endpoint that does it, and its words. */
const actions = {
  edit: { endpoint: 'editUser', word: 'Change' },
  password: { endpoint: 'setPassword', word: 'New password' },
  end: { endpoint: 'endSessions', word: 'End sessions' },
  deactivate: { endpoint: 'deactivateUser', word: 'Deactivate' },
  activate: { endpoint: 'activateUser', word: 'Activate' },
} as const satisfies Record<string, { readonly endpoint: EndpointName; readonly word: string }>
type Action = keyof typeof actions

function Actions({ user, onAsk }: { readonly user: User; readonly onAsk: (action: Action) => void }) {
  const may = useMay()
  const session = useSession()
  const fits: Readonly<Record<Action, boolean>> = {
    edit: true,
    password: true,
    end: user.active,
    // Nobody shuts himself out.
    deactivate: user.active && user.name !== session.user.name,
    activate: !user.active,
  }
  return (Object.keys(actions) as Action[])
    .filter((action) => fits[action] && may(actions[action].endpoint))
    .map((action) => (
      <Button key={action} variant={action === 'edit' ? 'filled' : 'default'} onClick={() => onAsk(action)}>
        {actions[action].word}
      </Button>
    ))
}

type Simple = Exclude<Action, 'edit'>

const about: Readonly<Record<Simple, (user: User) => string>> = {
  password: ({ displayName }) => `All sessions of ${displayName} end at once. Tell the new password in person: it is shown nowhere again.`,
  end: ({ displayName }) => `${displayName} is signed out everywhere at once, and may sign in again.`,
  deactivate: ({ displayName }) => `${displayName} is signed out at once and may not sign in any more. What was done stays in the audit trail.`,
  activate: ({ displayName }) => `${displayName} may sign in again, with the password as it was.`,
}
const told: Readonly<Record<Simple, string>> = {
  password: 'The new password holds, and all sessions have ended.',
  end: 'All sessions have ended.',
  deactivate: 'The user may not sign in any more.',
  activate: 'The user may sign in again.',
}

function send(action: Simple, name: string, password: string, key: string): Promise<unknown> {
  const params = { name }
  switch (action) {
    case 'password':
      return write('POST', '/api/users/{name}/password', { params, body: { password }, key })
    case 'end':
      return write('POST', '/api/users/{name}/sessions/ending', { params, key })
    case 'deactivate':
      return write('POST', '/api/users/{name}/deactivation', { params, key })
    case 'activate':
      return write('POST', '/api/users/{name}/activation', { params, key })
  }
}

interface AskedProps {
  readonly action: Simple
  readonly user: User
  readonly onClose: (told?: string) => void
}

function Asked({ action, user, onClose }: AskedProps) {
  const act = useWrite<string, unknown>((password, key) => send(action, user.name, password, key), { onDone: () => onClose(told[action]) })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    act.mutate(typedIn(event.currentTarget, 'password'))
  }
  return (
    <Dialog title={`${actions[action].word}: ${user.displayName}`} onClose={() => onClose()}>
      <form onSubmit={submit} className={styles['form']}>
        <p>{about[action](user)}</p>
        {action === 'password' && (
          <PasswordInput
            name="password"
            label="New password"
            description="At least 12 characters"
            required
            autoComplete="new-password"
            data-autofocus
          />
        )}
        {act.error !== null && <ProblemBox problem={act.error} />}
        <div className={styles['buttons']}>
          <Button type="submit" loading={act.isPending} {...(action === 'deactivate' ? { color: 'red' } : {})}>
            {actions[action].word}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function UserSessions({ name }: { readonly name: string }) {
  const query = useQuery<Answer<'listUserSessions'>, Problem>({
    queryKey: ['user', name, 'sessions'],
    queryFn: ({ signal }) => read('/api/users/{name}/sessions', { params: { name } }, signal),
    meta: live,
  })
  return (
    <Panel title="Signed in now">
      <Told query={query} rows={2}>
        {({ rows }) => (rows.length === 0 ? <Empty title="Nowhere">A session ends after two hours without use.</Empty> : <Sessions rows={rows} />)}
      </Told>
    </Panel>
  )
}

function LastDone({ name }: { readonly name: string }) {
  const actor = `user:${name}`
  const query = useQuery<Answer<'listAudit'>, Problem>({
    queryKey: ['user', name, 'done'],
    queryFn: ({ signal }) => read('/api/audit', { query: { actor, limit: DEEDS_SHOWN } }, signal),
    meta: live,
  })
  return (
    <Panel
      title="Done last"
      more={
        <Link to="/audit" search={{ actor }}>
          All of it
        </Link>
      }
    >
      <Told query={query} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing yet" />
          ) : (
            <ShortTable
              label="Done last"
              columns={['What', 'When', 'About', 'Site', 'Answer']}
              ends={5}
              rows={rows.map((row) => ({
                key: [row.site, row.key].join('/'),
                cells: [
                  commandWord(row.action),
                  instant(row.at),
                  row.document === null ? '' : <DocumentLink key="document" document={row.document} />,
                  row.site ?? '',
                  <Outcome key="outcome" row={row} />,
                ],
              }))}
            />
          )
        }
      </Told>
    </Panel>
  )
}
