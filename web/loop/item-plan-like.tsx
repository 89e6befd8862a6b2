// Item plan, like another: a new item is forecast as another that is like it, until it has a history of its own.

import { Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { write, type Answer } from '../client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { findItems } from '../ui/find.ts'
import { typedIn } from '../ui/form.ts'
import { Lookup } from '../ui/lookup.tsx'
import { ProblemBox } from '../ui/tell.tsx'
import { useWrite } from '../ui/use-write.ts'
import type { ItemPlan } from './item-plan-query.ts'
import styles from './plan.module.css'

interface LikeProps {
  readonly sku: string
  readonly analogue: ItemPlan['analogue']
}

export function LikeAnother({ sku, analogue }: LikeProps) {
  const [asks, ask] = useState(false)
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => ask(true)} aria-label={`Forecast ${sku} as another item`}>
        As another
      </Button>
      {asks && <Asks sku={sku} analogue={analogue} onClose={() => ask(false)} />}
    </>
  )
}

interface Like {
  readonly like: string | null
  readonly percent: number
}

function Asks({ sku, analogue, onClose }: LikeProps & { readonly onClose: () => void }) {
  const [like, setLike] = useState(analogue?.like ?? '')
  const set = useWrite<Like, Answer<'setForecastAnalogue'>>(
    (body, key) => write('POST', '/api/items/{sku}/analogue', { params: { sku }, body, key }),
    {
      onDone: onClose,
    },
  )
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    set.mutate({ like, percent: Number(typedIn(event.currentTarget, 'percent')) })
  }
  return (
    <Dialog title={`Forecast ${sku} as another item`} onClose={onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <Lookup label="Item that is like it" name="items" required value={like} find={findItems} onChoose={setLike} placeholder="SKU or name" />
        <TextInput
          name="percent"
          label="Of what that sells, per cent"
          type="number"
          min={1}
          max={1_000}
          defaultValue={analogue?.percent ?? 100}
          required
        />
        {set.error !== null && <ProblemBox problem={set.error} />}
        <p className={styles['soft']}>It counts at every site where the other is, from the next plan on, until this one has sold for a year.</p>
        <div className={styles['buttons']}>
          {analogue !== null && (
            <Button variant="default" onClick={() => set.mutate({ like: null, percent: analogue.percent })}>
              By itself again
            </Button>
          )}
          <Button type="submit" loading={set.isPending}>
            Forecast it so
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
