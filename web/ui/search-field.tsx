// Search field: narrows a list as one types, and follows when the search in the address changes.

import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { Icon } from './icons.tsx'

const TYPING_MILLISECONDS = 200

export interface SearchFieldProps {
  readonly value: string
  readonly onSearch: (wanted: string) => void
  readonly label?: string
  readonly placeholder?: string
}

export function SearchField({ value, onSearch, label = 'Search', placeholder = 'SKU or name' }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const [wanted] = useDebouncedValue(text.trim(), TYPING_MILLISECONDS)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (wanted === text.trim() && wanted !== value) onSearch(wanted)
    // Only what was typed searches; a value that comes from the address does not.
  }, [wanted])
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      leftSection={<Icon name="search" size={16} />}
    />
  )
}
