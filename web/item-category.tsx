// Item category: what an item is a kind of, chosen among those that are there or named anew, by who may.

import { Autocomplete, Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { read, write, type Answer, type Problem } from './client.ts'
import documents from './flow/documents.module.css'
import { useMay } from './session.tsx'
import { Dialog } from './ui/dialog.tsx'
import { typedIn } from './ui/form.ts'
import { ProblemBox } from './ui/tell.tsx'
import { useWrite } from './ui/use-write.ts'

export const useCategories = () =>
  useQuery<Answer<'listCategories'>, Problem>({ queryKey: ['item-categories'], queryFn: ({ signal }) => read('/api/item-categories', {}, signal) })

interface CategoryProps {
  readonly sku: string
  readonly category: string | null
}

export function Category({ sku, category }: CategoryProps) {
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {category ?? '—'}{' '}
      {may('setItemCategory') && (
        <Button variant="subtle" size="compact-sm" aria-label={`Change the category of ${sku}`} onClick={() => setOpen(true)}>
          Change
        </Button>
      )}
      {isOpen && <CategoryDialog sku={sku} category={category} onClose={() => setOpen(false)} />}
    </>
  )
}

function CategoryDialog({ sku, category, onClose }: CategoryProps & { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const known = useCategories().data?.rows.map((row) => row.category) ?? []
  const set = useWrite<string | null, unknown>(
    (chosen, key) => write('POST', '/api/items/{sku}/category', { params: { sku }, body: { category: chosen }, key }),
    {
      onDone: () => {
        for (const stale of ['item', 'items', 'item-categories']) void queries.invalidateQueries({ queryKey: [stale] })
        onClose()
      },
    },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    set.mutate(typedIn(event.currentTarget, 'category').trim() || null)
  }
  return (
    <Dialog title={`Category of ${sku}`} onClose={onClose}>
      <form onSubmit={submit} className={documents['form']}>
        <Autocomplete
          name="category"
          label="Category"
          description="Losses are told and estimated by it. Empty: none."
          data={known}
          maxLength={100}
          defaultValue={category ?? ''}
        />
        {set.error !== null && <ProblemBox problem={set.error} />}
        <div className={documents['buttons']}>
          <Button type="submit" loading={set.isPending}>
            Change
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
