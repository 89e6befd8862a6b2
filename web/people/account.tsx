// Account: one's own: what one may do, the password, and where one is signed in.

import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type Problem } from '../client.ts'
import { live } from '../live.ts'
import { useSession, useSignIn } from '../session.tsx'
import { typedIn } from '../ui/form.ts'
import { Facts, Page, Panel } from '../ui/page.tsx'
import { Done, ProblemBox, Told } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import { roleWords, sitesWord } from '../ui/words.ts'
import styles from './people.module.css'
import { Sessions } from './sessions.tsx'

export function AccountPage() {
  const { user } = useSession()
  return (
    <Page title="Your account" about={`${roleWords[user.role].word}: ${lowered(roleWords[user.role].does)}`}>
      <Facts
        facts={[
          ['Name', user.displayName],
          [
            'Signs in as',
            <span key="name" className="code">
              {user.name}
            </span>,
          ],
          ['Role', roleWords[user.role].word],
          ['Sites', sitesWord(user.sites)],
        ]}
      />
      <OwnSessions />
      <OwnPassword name={user.name} />
    </Page>
  )
}

/** Goes on in a sentence. */
const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

function OwnSessions() {
  const query = useQuery<Answer<'listSessions'>, Problem>({
    queryKey: ['own sessions'],
    queryFn: ({ signal }) => read('/api/sessions', {}, signal),
    meta: live,
  })
  const end = useWrite<object, unknown>((_none, key) => write('POST', '/api/sessions/ending', { key }))
  const others = query.data?.rows.filter((row) => !row.current).length ?? 0
  return (
    <Panel
      title="Where you are signed in"
      more={
        others > 0 && (
          <Button variant="default" size="compact-sm" loading={end.isPending} onClick={() => end.mutate({})}>
            End all others
          </Button>
        )
      }
    >
      {end.error !== null && <ProblemBox problem={end.error} />}
      <Told query={query} rows={2}>
        {({ rows }) => <Sessions rows={rows} />}
      </Told>
    </Panel>
  )
}

interface Change {
  readonly password: string
  readonly newPassword: string
}

/** The new password ends every session, this one too: so it signs in again with it at once. */
function OwnPassword({ name }: { readonly name: string }) {
  const signIn = useSignIn()
  const [differs, setDiffers] = useState(false)
  const change = useWrite<Change, unknown>(async (body, key) => {
    await write('POST', '/api/session/password', { body, key })
    await signIn(name, body.newPassword)
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const newPassword = typedIn(form, 'newPassword')
    const isSame = newPassword === typedIn(form, 'again')
    setDiffers(!isSame)
    if (isSame) change.mutate({ password: typedIn(form, 'password'), newPassword }, { onSuccess: () => form.reset() })
  }
  const errorOf = (field: string): string | undefined => (change.error?.field === field ? change.error.message : undefined)
  const isOfField = change.error !== null && ['password', 'newPassword'].includes(change.error.field)
  return (
    <Panel title="Password">
      <form onSubmit={submit} className={`${styles['form']} ${styles['narrow']}`}>
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <PasswordInput name="password" label="Password now" required autoComplete="current-password" error={errorOf('password')} />
        <PasswordInput
          name="newPassword"
          label="New password"
          description="At least 12 characters, 5 of them different: some words in a row are easy to keep and hard to guess"
          required
          autoComplete="new-password"
          error={errorOf('newPassword')}
        />
        <PasswordInput name="again" label="New password, again" required autoComplete="new-password" error={differs && 'The two are not the same.'} />
        {change.error !== null && !isOfField && <ProblemBox problem={change.error} />}
        {change.isSuccess && <Done>Your new password holds. You are signed out everywhere else.</Done>}
        <div className={styles['buttons']}>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Panel>
  )
}
