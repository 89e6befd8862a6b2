// People story: who may sign in and how machines come in, as an admin sees to it: somebody new, a change that another made first, a secret that is
// shown once, a trail that leads to what was done, a password of one's own.

import assert from 'node:assert/strict'
import { expectRefused } from './browser.ts'
import { CUSTOMER, SAM, SITE } from './company.ts'
import { signIn, type Teller } from './story.ts'

const NEW_PASSWORD = 'eight boats in a harbour'

export async function somebodyNewIsAddedAndBoundToASite({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/users?site=${SITE}`)
  await page.getByRole('button', { name: 'New user' }).click()
  const dialog = page.getByRole('dialog', { name: 'New user' })
  await dialog.getByLabel('Name shown').fill('Tia Till')
  await dialog.getByLabel('Signs in as').fill('tia')
  await dialog.getByRole('textbox', { name: 'Password' }).fill('a till is not a tiller')
  await dialog.getByLabel('Role').selectOption('till')
  await dialog.getByLabel('Only these').first().check()
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await dialog.getByRole('alert').getByText('Tick the sites').waitFor()
  await dialog.getByLabel(`${SITE} · Seattle`).check()
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tia Till' }).waitFor()
  await page.locator('dd', { hasText: SITE }).waitFor()
}

/** Two look at the same user; the second to save is told what the first did, and loses nothing of his own. */
export async function whoSavesSecondIsToldWhatTheFirstDid({ page, url, caller, faults }: Teller): Promise<void> {
  await page.goto(`${url}/users/tia?site=${SITE}`)
  await page.getByRole('button', { name: 'Change' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change: Tia Till' })
  await dialog.getByLabel('Name shown').fill('Tia Tillman')
  const other = { method: 'PUT', path: '/api/users/tia', body: { role: 'driver' }, key: `other-${Date.now()}` } as const
  await caller.expect([url], other)
  await dialog.getByRole('button', { name: 'Save' }).click()
  const told = dialog.getByRole('alert')
  await told.getByText('Role is now Driver, and was Till').waitFor()
  assert.equal(await dialog.getByLabel('Name shown').inputValue(), 'Tia Tillman')
  expectRefused(faults, 412)
  await told.getByRole('button', { name: 'Save mine over it' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tia Tillman' }).waitFor()
  await page.locator('dd', { hasText: 'Till' }).first().waitFor()
}

export async function aKeysSecretIsShownOnce({ page, url, context }: Teller): Promise<void> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${url}/keys?site=${SITE}`)
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('dialog').getByLabel('What it is for').fill('Scanner 7')
  await page.getByRole('dialog').getByLabel('Role').selectOption('warehouse')
  await page.getByRole('button', { name: 'Make key' }).click()
  const secret = await page.getByLabel('Secret').inputValue()
  assert.match(secret, /^qm_[\w-]{43}$/)
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), secret)
  const asked = () => fetch(`${url}/api/sites`, { headers: { authorization: `Bearer ${secret}` } }).then((reply) => reply.status)
  assert.equal(await asked(), 200)
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal((await page.content()).includes(secret), false)
  await page.getByRole('button', { name: 'Revoke Scanner 7' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('button', { name: 'Revoke Scanner 7' }).waitFor({ state: 'detached' })
  await page.waitForTimeout(1_100)
  assert.equal(await asked(), 401)
}

export async function theTrailLeadsToWhatWasDone({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/?site=${SITE}`)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('heading', { name: 'Audit trail' }).waitFor()
  await page.getByLabel('About').fill(`${SITE}-1`)
  await page.getByText('1 in all').waitFor()
  await page
    .getByRole('row', { name: /Order placed/ })
    .getByRole('link', { name: `${SITE}-1`, exact: true })
    .click()
  await page.getByRole('heading', { level: 1, name: `${SITE}-1` }).waitFor()
  await page.goto(`${url}/audit?site=${SITE}`)
  await page.getByLabel('Who').fill('ann b')
  await page.getByRole('option', { name: 'Ann Berg' }).click()
  await page.getByRole('row', { name: /Key revoked/ }).waitFor()
  assert.equal(await page.getByRole('row', { name: CUSTOMER.name }).count(), 0)
}

/** Another browser is signed out, this one goes on, and the old password is worth nothing. */
export async function onesOwnPasswordIsChanged({ page, url, faults, caller }: Teller): Promise<void> {
  const { cookie } = await signedInElsewhere(url)
  await page.goto(`${url}/account`)
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  assert.equal((await fetch(`${url}/api/sites`, { headers: { cookie } })).status, 401)
  const change = async (now: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Password now' }).fill(now)
    await page.getByRole('textbox', { name: 'New password', exact: true }).fill(NEW_PASSWORD)
    await page.getByRole('textbox', { name: 'New password, again' }).fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await change('not the one at all')
  await page.getByText('This is not your password.').waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0, 'a wrong password ends no session')
  expectRefused(faults, 401)
  await change(SAM.password)
  await page.getByText('Your new password holds.').waitFor()
  await page.goto(`${url}/orders?site=${SITE}`)
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor()
  await caller.expect([url], { method: 'POST', path: `/api/users/${SAM.name}/password`, body: { password: SAM.password }, key: `back-${Date.now()}` })
  await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor()
  expectRefused(faults, 401)
  await signIn({ page, url }, SAM)
}

async function signedInElsewhere(url: string): Promise<{ readonly cookie: string }> {
  const reply = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: SAM.name, password: SAM.password }),
  })
  return { cookie: reply.headers.getSetCookie()[0]!.split(';')[0]! }
}

export async function whoMayNotSeePeopleIsNotOfferedThem({ page, url }: Teller): Promise<void> {
  await page.goto(`${url}/orders?site=${SITE}`)
  await page.getByRole('button', { name: 'Open the menu' }).click()
  const menu = page.getByRole('navigation', { name: 'Pages' })
  await menu.getByRole('link', { name: 'Your account' }).waitFor()
  for (const name of ['Users', 'Keys', 'Audit trail']) assert.equal(await menu.getByRole('link', { name }).count(), 0)
}
