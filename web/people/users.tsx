// Users: who may sign in, with which role and at which sites; and the form for one more.

import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { read, write, type RowOf } from '../client.ts'
import { useMay } from '../session.tsx'
import { Badge } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { instant } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { List, type Column } from '../ui/list.tsx'
import { Page } from '../ui/page.tsx'
import { usePages } from '../ui/pages-of.ts'
import { Empty, ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { roleWords, sitesWord } from '../ui/words.ts'
import styles from './people.module.css'
import { NO_SITE, RightsFields, rightsIn, type Rights } from './rights.tsx'

type Row = RowOf<'listUsers'>

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(170px, 2fr)',
    role: 'title',
    cell: (row) => (
      <Link to="/users/$name" params={{ name: row.name }} data-row>
        {row.displayName}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: '128px', role: 'badge', cell: (row) => <UserBadge active={row.active} /> },
  { id: 'signs', header: 'Signs in as', width: 'minmax(120px, 1fr)', cell: (row) => row.name },
  { id: 'role', header: 'Role', width: 'minmax(100px, 1fr)', cell: (row) => roleWords[row.role].word },
  { id: 'sites', header: 'Sites', width: 'minmax(140px, 2fr)', cell: (row) => sitesWord(row.sites) },
  { id: 'created', header: 'Since', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.createdAt) },
]

export const UserBadge = ({ active }: { readonly active: boolean }) => (
  <Badge tone={active ? 'good' : 'gone'}>{active ? 'Active' : 'Deactivated'}</Badge>
)

export function UsersPage() {
  const may = useMay()
  const [isAdding, setAdding] = useState(false)
  const query = usePages<Row>(['users'], (page, signal) => read('/api/users', { query: page }, signal))
  return (
    <Page
      fills
      title="Users"
      about="People who may sign in"
      actions={
        may('createUser') && (
          <Button leftSection={<Icon name="add" size={16} />} onClick={() => setAdding(true)}>
            New user
          </Button>
        )
      }
    >
      <List
        name="users"
        label="Users"
        columns={columns}
        query={query}
        keyOf={(row) => row.name}
        empty={<Empty title="Nobody may sign in yet">Add the first user: whoever it is may sign in at once.</Empty>}
      />
      {isAdding && <NewUser onClose={() => setAdding(false)} />}
    </Page>
  )
}

interface Wanted extends Rights {
  readonly name: string
  readonly displayName: string
  readonly password: string
}

/** Those that show by themselves what is wrong with them. */
const ownFields: readonly string[] = ['name', 'displayName', 'password']

function NewUser({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate()
  const [lacksSites, setLacksSites] = useState(false)
  const create = useWrite<Wanted, { readonly name: string }>(
    ({ sites, ...body }, key) => write('POST', '/api/users', { body: { ...body, sites: [...sites] }, key }),
    { onDone: ({ name }) => void navigate({ to: '/users/$name', params: { name } }) },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const rights = rightsIn(form)
    setLacksSites(rights === undefined)
    if (rights === undefined) return
    create.mutate({
      ...rights,
      name: typedIn(form, 'name').trim(),
      displayName: typedIn(form, 'displayName').trim(),
      password: typedIn(form, 'password'),
    })
  }
  const errorOf = (field: string): string | undefined => (create.error?.field === field ? create.error.message : undefined)
  return (
    <Dialog title="New user" onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextInput name="displayName" label="Name shown" required maxLength={200} autoComplete="off" data-autofocus error={errorOf('displayName')} />
        <TextInput
          name="name"
          label="Signs in as"
          description="Small letters, digits and . _ @ + -"
          required
          maxLength={100}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errorOf('name')}
        />
        <PasswordInput
          name="password"
          label="Password"
          description="At least 12 characters; tell it to the person, who can change it"
          required
          autoComplete="new-password"
          error={errorOf('password')}
        />
        <RightsFields role="sales" sites={[]} />
        {lacksSites && <Alert color="red" role="alert" title={NO_SITE} />}
        {create.error !== null && !ownFields.includes(create.error.field) && <ProblemBox problem={create.error} />}
        <div className={styles['buttons']}>
          <Button type="submit" loading={create.isPending}>
            Add user
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
