// Sign in: the page for who comes, and the form of it, which the dialog for whose session ended has too.

import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { useEffect, useState, type SubmitEvent } from 'react'
import { Problem } from './client.ts'
import { useSignIn } from './session.tsx'
import styles from './sign-in.module.css'
import { typedIn } from './ui/form.ts'

export function SignIn() {
  useEffect(() => {
    document.title = 'Sign in · Quartermaster'
  }, [])
  return (
    <main className={styles['page']}>
      <section className={styles['card']}>
        <h1>Quartermaster</h1>
        <p>Orders, and stock that is honest.</p>
        <SignInForm />
      </section>
    </main>
  )
}

export function SignInForm({ name = '', onDone }: { readonly name?: string; readonly onDone?: () => void }) {
  const signIn = useSignIn()
  const [problem, setProblem] = useState<Problem>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    setBusy(true)
    setProblem(undefined)
    try {
      await signIn(typedIn(form, 'name'), typedIn(form, 'password'))
      onDone?.()
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem({ detail: String(error) }))
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className={styles['form']}>
      {problem && (
        <Alert color="red" role="alert" title="You are not signed in">
          {problem.message} <code>{problem.code}</code>
        </Alert>
      )}
      <TextInput
        label="Name"
        name="name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={name}
        data-autofocus={name === '' || undefined}
        autoFocus={name === ''}
      />
      <PasswordInput label="Password" name="password" autoComplete="current-password" required data-autofocus={name !== '' || undefined} />
      <Button type="submit" loading={isBusy}>
        Sign in
      </Button>
    </form>
  )
}
