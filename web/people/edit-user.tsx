// Edit user: what a user may do and where, changed against the version that was looked at. When another changed it first, nothing is overwritten:
// the form says what is different now, keeps what was typed, and asks which of the two shall hold.

import { Alert, Button, TextInput } from '@mantine/core'
import { useRef, useState, type SubmitEvent } from 'react'
import { write, type Answer } from '../client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { typedIn } from '../ui/form.ts'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { roleWords, sitesWord } from '../ui/words.ts'
import styles from './people.module.css'
import { NO_SITE, RightsFields, rightsIn, type Rights } from './rights.tsx'

type User = Answer<'getUser'>

interface Edit extends Rights {
  readonly displayName: string
  readonly version: number
}

export interface EditUserProps {
  /** As it is known now; the form stays with what it began with. */
  readonly user: User
  /** Asks how it is now. */
  readonly onConflict: () => unknown
  readonly onClose: (told?: string) => void
}

export function EditUser({ user, onConflict, onClose }: EditUserProps) {
  const [base, setBase] = useState(user)
  const [lacksSites, setLacksSites] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const edit = useWrite<Edit, unknown>(
    ({ version, sites, ...body }, key) =>
      write('PUT', '/api/users/{name}', { params: { name: user.name }, body: { ...body, sites: [...sites] }, version, key }),
    { onDone: () => onClose('Changed, also for open sessions.') },
  )
  const send = (version: number): void => {
    const rights = rightsIn(form.current!)
    setLacksSites(rights === undefined)
    if (rights === undefined) return
    const content = { ...rights, displayName: typedIn(form.current!, 'displayName').trim(), version }
    edit.mutate(content, { onError: (problem) => void (problem.code === 'changed_meanwhile' && onConflict()) })
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    send(base.version)
  }
  const takeTheirs = (): void => {
    setBase(user)
    edit.reset()
  }
  const isConflict = edit.error?.code === 'changed_meanwhile'
  return (
    <Dialog title={`Change: ${base.displayName}`} onClose={() => onClose()}>
      <form key={base.version} ref={form} onSubmit={submit} className={styles['form']}>
        <TextInput name="displayName" label="Name shown" required maxLength={200} autoComplete="off" defaultValue={base.displayName} data-autofocus />
        <RightsFields role={base.role} sites={base.sites} />
        {lacksSites && <Alert color="red" role="alert" title={NO_SITE} />}
        {edit.error !== null && !isConflict && <ProblemBox problem={edit.error} />}
        {isConflict ? (
          <Changed before={base} now={user} isBusy={edit.isPending} onTheirs={takeTheirs} onMine={() => send(user.version)} />
        ) : (
          <div className={styles['buttons']}>
            <Button type="submit" loading={edit.isPending}>
              Save
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  )
}

interface ChangedProps {
  readonly before: User
  readonly now: User
  readonly isBusy: boolean
  readonly onTheirs: () => void
  readonly onMine: () => void
}

function Changed({ before, now, isBusy, onTheirs, onMine }: ChangedProps) {
  const pairs = [
    ['Name shown', before.displayName, now.displayName],
    ['Role', roleWords[before.role].word, roleWords[now.role].word],
    ['Sites', sitesWord(before.sites), sitesWord(now.sites)],
    ['State', before.active ? 'Active' : 'Deactivated', now.active ? 'Active' : 'Deactivated'],
  ] as const
  const different = pairs.filter(([, was, is]) => was !== is)
  return (
    <div className={styles['changed']} role="alert">
      <strong>Somebody changed this user while you did</strong>
      <ul>
        {different.map(([what, was, is]) => (
          <li key={what}>
            {what} is now <strong>{is}</strong>, and was {was}
          </li>
        ))}
        {different.length === 0 && <li>Nothing of what stands here: a new password was set, say</li>}
      </ul>
      <div className={styles['buttons']}>
        <Button variant="default" onClick={onTheirs}>
          Show it as it is now
        </Button>
        <Button loading={isBusy} onClick={onMine}>
          Save mine over it
        </Button>
      </div>
    </div>
  )
}
