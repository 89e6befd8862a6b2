// Session ended: a dialog over the page in which one signs in again; what the page had sent goes on afterwards as if nothing had been.

import { useSession } from './session.tsx'
import { SignInForm } from './sign-in.tsx'
import styles from './sign-in.module.css'
import { Dialog } from './ui/dialog.tsx'

export function SessionEnded({ onDone }: { readonly onDone: () => void }) {
  const { user } = useSession()
  return (
    <Dialog title="Your session has ended">
      <p className={styles['about']}>Sign in again and go on where you were. Nothing that you entered is lost.</p>
      <SignInForm name={user.name} onDone={onDone} />
    </Dialog>
  )
}
