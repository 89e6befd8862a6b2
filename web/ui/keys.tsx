// Keys: what the keyboard does besides typing: `/` searches, `g` and a letter goes somewhere, `?` lists them. Never while somebody types or a dialog is
// open, and never with a modifier, which belongs to the browser.

import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useMay } from '../session.tsx'
import { places } from './places.ts'

const SEQUENCE_MILLISECONDS = 1_500

export function Keys() {
  const [isOpen, setOpen] = useState(false)
  const navigate = useNavigate()
  const may = useMay()
  const begun = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return
      const goes = performance.now() - begun.current < SEQUENCE_MILLISECONDS
      begun.current = Number.NEGATIVE_INFINITY
      const place = goes ? places.find((one) => one.key === event.key && may(one.needs)) : undefined
      if (place) void navigate({ to: place.to })
      else if (event.key === 'g') begun.current = performance.now()
      else if (event.key === 'n') void navigate({ to: '/orders/new' })
      else if (event.key === '/') document.querySelector<HTMLInputElement>('[data-search]')?.focus()
      else if (event.key === '?') setOpen(true)
      else return
      event.preventDefault()
    }
    const asked = (): void => setOpen(true)
    window.addEventListener('keydown', pressed)
    window.addEventListener(HELP_EVENT, asked)
    return () => {
      window.removeEventListener('keydown', pressed)
      window.removeEventListener(HELP_EVENT, asked)
    }
  }, [navigate, may])
  return (
    isOpen && (
      <Suspense>
        <KeysHelp onClose={() => setOpen(false)} />
      </Suspense>
    )
  )
}

// Loaded when somebody asks.
const KeysHelp = lazy(() => import('./keys-help.tsx').then(({ KeysHelp: component }) => ({ default: component })))

const HELP_EVENT = 'quartermaster-help'
export const openHelp = (): void => void window.dispatchEvent(new Event(HELP_EVENT))

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
