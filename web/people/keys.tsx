// Keys: how machines come in: each has a role and sites as a person has. A secret is shown once, when its key is made, and is kept nowhere.

import { Alert, Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type RowOf } from '../client.ts'
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

type Row = RowOf<'listKeys'>

const columns: readonly Column<Row>[] = [
  { id: 'name', header: 'Key', width: 'minmax(160px, 2fr)', role: 'title', cell: (row) => <Named row={row} /> },
  {
    id: 'state',
    header: 'State',
    width: '116px',
    role: 'badge',
    cell: (row) => <Badge tone={row.revokedAt === null ? 'good' : 'gone'}>{row.revokedAt === null ? 'In use' : 'Revoked'}</Badge>,
  },
  { id: 'id', header: 'Id', width: '72px', cell: (row) => row.id },
  { id: 'role', header: 'Role', width: 'minmax(100px, 1fr)', cell: (row) => roleWords[row.role].word },
  { id: 'sites', header: 'Sites', width: 'minmax(120px, 1.6fr)', cell: (row) => sitesWord(row.sites) },
  { id: 'created', header: 'Made', width: 'minmax(150px, 1fr)', cell: (row) => instant(row.createdAt) },
  { id: 'revoked', header: 'Revoked', width: 'minmax(150px, 1fr)', cell: (row) => (row.revokedAt === null ? '' : instant(row.revokedAt)) },
  { id: 'action', header: 'Action', width: '96px', role: 'wide', cell: (row) => (row.revokedAt === null ? <Revoke row={row} /> : '') },
]

/** Leads to what was done with it, for whom that is open to. */
function Named({ row: { id, name } }: { readonly row: Row }) {
  const may = useMay()
  if (!may('listAudit')) return name
  return (
    <Link to="/audit" search={{ actor: `key:${id}` }} title="What was done with it">
      {name}
    </Link>
  )
}

export function KeysPage() {
  const may = useMay()
  const [isAdding, setAdding] = useState(false)
  const query = usePages<Row>(['keys'], (page, signal) => read('/api/keys', { query: page }, signal))
  return (
    <Page
      fills
      title="Keys"
      about="How machines come in: tills, shops, other systems"
      actions={
        may('createKey') && (
          <Button leftSection={<Icon name="add" size={16} />} onClick={() => setAdding(true)}>
            New key
          </Button>
        )
      }
    >
      <List
        name="keys"
        label="Keys"
        columns={columns}
        query={query}
        keyOf={(row) => String(row.id)}
        empty={<Empty title="No machine may come in yet">Make a key for each of them, so that each can be revoked alone.</Empty>}
      />
      {isAdding && <NewKey onClose={() => setAdding(false)} />}
    </Page>
  )
}

interface Wanted extends Rights {
  readonly name: string
}

function NewKey({ onClose }: { readonly onClose: () => void }) {
  const [lacksSites, setLacksSites] = useState(false)
  const create = useWrite<Wanted, Answer<'createKey'>>(({ sites, ...body }, key) =>
    write('POST', '/api/keys', { body: { ...body, sites: [...sites] }, key }),
  )
  if (create.data !== undefined) return <Secret made={create.data} onClose={onClose} />
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const rights = rightsIn(event.currentTarget)
    setLacksSites(rights === undefined)
    if (rights !== undefined) create.mutate({ ...rights, name: typedIn(event.currentTarget, 'name').trim() })
  }
  return (
    <Dialog title="New key" onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextInput name="name" label="What it is for" placeholder="Till 3" required maxLength={200} autoComplete="off" data-autofocus />
        <RightsFields role="till" sites={[]} />
        {lacksSites && <Alert color="red" role="alert" title={NO_SITE} />}
        {create.error !== null && <ProblemBox problem={create.error} />}
        <div className={styles['buttons']}>
          <Button type="submit" loading={create.isPending}>
            Make key
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The dialog stays until it is said that the secret was taken: there is no second look at it. */
function Secret({ made: { name, id, secret }, onClose }: { readonly made: Answer<'createKey'>; readonly onClose: () => void }) {
  if (secret === undefined) {
    return (
      <Dialog title={`Key made: ${name}`} onClose={onClose}>
        <p>The key was made, but the line broke before its secret came, and it is kept nowhere. Revoke key {id} and make another.</p>
      </Dialog>
    )
  }
  return (
    <Dialog title={`Key made: ${name}`}>
      <div className={styles['form']}>
        <p>This is its secret. Copy it now: it is shown once and kept nowhere.</p>
        <Copied text={secret} />
        <p className={styles['soft']}>
          It is sent with each request: <code>Authorization: Bearer qm_…</code>
        </p>
        <div className={styles['buttons']}>
          <Button onClick={onClose}>I have it</Button>
        </div>
      </div>
    </Dialog>
  )
}

function Copied({ text }: { readonly text: string }) {
  const field = useRef<HTMLInputElement>(null)
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    field.current?.select()
    // Browsers give the clipboard to pages over TLS and to this machine's own; elsewhere what is selected is copied by hand.
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  return (
    <div className={styles['secret']}>
      <TextInput ref={field} label="Secret" value={text} readOnly onFocus={(event) => event.currentTarget.select()} />
      <Button variant="default" leftSection={<Icon name={isCopied ? 'done' : 'copy'} size={16} />} onClick={() => void copy()}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  )
}

function Revoke({ row: { id, name } }: { readonly row: Row }) {
  const may = useMay()
  const [isAsking, setAsking] = useState(false)
  const revoke = useWrite<number, unknown>((wanted, key) => write('DELETE', '/api/keys/{id}', { params: { id: wanted }, key }), {
    onDone: () => setAsking(false),
  })
  if (!may('revokeKey')) return ''
  return (
    <>
      <Button variant="default" size="compact-sm" aria-label={`Revoke ${name}`} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      {isAsking && (
        <Dialog title={`Revoke: ${name}`} onClose={() => setAsking(false)}>
          <div className={styles['form']}>
            <p>Whoever has its secret is turned away within a second, and for ever: a key that was revoked does not come back.</p>
            {revoke.error !== null && <ProblemBox problem={revoke.error} />}
            <div className={styles['buttons']}>
              <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate(id)}>
                Revoke
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}
