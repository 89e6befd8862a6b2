// Rights: the fields that say what somebody may do and where, for users and keys alike.

import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { roles, type Role } from '../../core/principal.ts'
import { useSites } from '../site.ts'
import { tickedIn, typedIn } from '../ui/form.ts'
import { roleWords } from '../ui/words.ts'
import styles from './people.module.css'

export interface Rights {
  readonly role: Role
  /** Empty means every site. */
  readonly sites: readonly string[]
}

export function RightsFields({ role, sites }: Rights) {
  const [chosen, setChosen] = useState(role)
  return (
    <>
      <NativeSelect
        name="role"
        label="Role"
        description={roleWords[chosen].does}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={chosen}
        onChange={(event) => setChosen(roleNamed(event.currentTarget.value))}
        data={roles.map((value) => ({ value, label: roleWords[value].word }))}
      />
      <SitesField sites={sites} />
    </>
  )
}

function SitesField({ sites }: Pick<Rights, 'sites'>) {
  const { data = [] } = useSites()
  const [isBound, setBound] = useState(sites.length > 0)
  return (
    <fieldset className={styles['sites']}>
      <legend>Sites</legend>
      <label>
        <input type="radio" name="bound" value="" checked={!isBound} onChange={() => setBound(false)} />
        Every site, also those to come
      </label>
      <label>
        <input type="radio" name="bound" value="bound" checked={isBound} onChange={() => setBound(true)} />
        Only these
      </label>
      {isBound && (
        <div className={styles['these']} role="group" aria-label="Only these">
          {data.map(({ code, name }) => (
            <label key={code}>
              <input type="checkbox" name="site" value={code} defaultChecked={sites.includes(code)} />
              {name === code ? code : `${code} · ${name}`}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}

const roleNamed = (text: string): Role => roles.find((one) => one === text) ?? 'auditor'

/** What was chosen; undefined where somebody is bound to sites, and to none. */
export function rightsIn(form: HTMLFormElement): Rights | undefined {
  const sites = tickedIn(form, 'site')
  return typedIn(form, 'bound') !== '' && sites.length === 0 ? undefined : { role: roleNamed(typedIn(form, 'role')), sites }
}

export const NO_SITE = 'Tick the sites, or choose every site.'
