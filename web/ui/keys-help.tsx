// Keys help: what the keyboard does, as a dialog.

import { Kbd } from '@mantine/core'
import '@mantine/core/styles/Kbd.css'
import { useMay } from '../session.tsx'
import { Dialog } from './dialog.tsx'
import styles from './keys.module.css'
import { places } from './places.ts'

const keys = [
  ['/', 'Search'],
  ['n', 'New order'],
  ['?', 'This help'],
  ['Esc', 'Close what is open'],
] as const

export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const may = useMay()
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className={styles['keys']}>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
        {places
          .filter(({ needs }) => may(needs))
          .map(({ key, name }) => (
            <div key={key}>
              <dt>
                <Kbd>g</Kbd> <Kbd>{key}</Kbd>
              </dt>
              <dd>{name}</dd>
            </div>
          ))}
      </dl>
    </Dialog>
  )
}
