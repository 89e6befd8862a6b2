// Dialog: asks or tells something over the page, and gives the keyboard back to where it was.

import { Modal } from '@mantine/core'
import '@mantine/core/styles/CloseButton.css'
import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/Modal.css'
import type { ReactNode } from 'react'

export interface DialogProps {
  readonly title: string
  /** Without it the dialog stays until what it asks is answered. */
  readonly onClose?: () => void
  readonly children: ReactNode
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const stays = onClose === undefined
  return (
    <Modal
      opened
      onClose={() => onClose?.()}
      title={title}
      withCloseButton={!stays}
      closeOnEscape={!stays}
      closeOnClickOutside={!stays}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The page has a header already, and this is not another one of it.
      attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Modal>
  )
}
