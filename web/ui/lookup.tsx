// Lookup: a field for a code that people know by its beginning or by a name: what is typed is looked for, and one of what is found is chosen.

import { Combobox, TextInput, useCombobox } from '@mantine/core'
import '@mantine/core/styles/Popover.css'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import type { Problem } from '../client.ts'
import type { Find, Found } from './find.ts'
import styles from './lookup.module.css'

export interface LookupProps {
  readonly label: string
  /** Names what is looked for, so that answers are kept. */
  readonly name: string
  readonly value: string
  readonly find: Find
  readonly onChoose: (code: string) => void
  readonly placeholder?: string
  readonly required?: boolean
  readonly error?: ReactNode
  readonly about?: ReactNode
}

const TYPING_MILLISECONDS = 150

export function Lookup({ label, name, value, find, onChoose, placeholder, required = false, error, about }: LookupProps) {
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const [wanted] = useDebouncedValue(text.trim(), TYPING_MILLISECONDS)
  const {
    data = [],
    error: problem,
    isFetching,
  } = useQuery<readonly Found[], Problem>({
    queryKey: ['find', name, wanted],
    queryFn: ({ signal }) => find(wanted, signal),
    enabled: box.dropdownOpened,
    placeholderData: (before) => before,
  })
  const choose = (code: string): void => {
    setText(code)
    onChoose(code)
    box.closeDropdown()
  }
  return (
    <Combobox store={box} onOptionSubmit={choose} withinPortal>
      <Combobox.Target>
        <TextInput
          label={label}
          value={text}
          required={required}
          {...(placeholder ? { placeholder } : {})}
          {...(error ? { error } : {})}
          {...(about ? { description: about, inputWrapperOrder: ['label', 'input', 'description', 'error'] as const } : {})}
          onChange={(event) => {
            setText(event.currentTarget.value)
            if (event.currentTarget.value === '') onChoose('')
            box.openDropdown()
            box.updateSelectedOptionIndex()
          }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => box.openDropdown()}
          onBlur={() => {
            box.closeDropdown()
            // A code that was typed whole needs no choosing.
            if (text.trim() !== value) onChoose(text.trim())
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={data.length === 0 && wanted === ''}>
        <Combobox.Options mah={280} className={styles['options']}>
          {data.map(({ code, name: words }) => (
            <Combobox.Option key={code} value={code}>
              <span className={styles['code']}>{code}</span> <span className={styles['name']}>{words}</span>
            </Combobox.Option>
          ))}
          {data.length === 0 && <Combobox.Empty>{problem?.message ?? (isFetching ? 'Looking …' : 'Nothing is called that')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
