// Frame: what stands around every page: where one can go, which site it is about, who is signed in, whether what is shown is live. Without a session
// it is the sign-in page instead; a session that ends in the middle of something is renewed in a dialog over it, and nothing is lost.

import { ActionIcon, NativeSelect, TextInput, useMantineColorScheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, useSyncExternalStore, type SubmitEvent } from 'react'
import { onSessionEnded, reached } from './client.ts'
import styles from './frame.module.css'
import { useLiveness, type Liveness } from './live.ts'
import { SessionProvider, useMay, useSession, useSessionQuery, useSignOut, type Session } from './session.tsx'
import { SignIn } from './sign-in.tsx'
import { useChooseSite, useSite, useSites } from './site.ts'
import { typedIn } from './ui/form.ts'
import { Icon } from './ui/icons.tsx'
import { Keys, openHelp } from './ui/keys.tsx'
import { Page } from './ui/page.tsx'
import { places } from './ui/places.ts'
import { Empty, Loading, ProblemBox } from './ui/tell.tsx'
import { sentence } from './ui/words.ts'

export function Frame() {
  const session = useSessionQuery()
  if (session.data === undefined) {
    return session.error === null ? <Loading /> : <ProblemBox problem={session.error} retry={() => void session.refetch()} />
  }
  return session.data === null ? <SignIn /> : <SignedIn session={session.data} />
}

function SignedIn({ session }: { readonly session: Session }) {
  const [isMenuOpen, setMenuOpen] = useState(false)
  const { pathname } = useLocation()
  const liveness = useLiveness()
  const sites = useSites()
  const isReached = useSyncExternalStore(reached.subscribe, reached.now)
  useEffect(() => setMenuOpen(false), [pathname])
  return (
    <SessionProvider session={session}>
      <a href="#main" className={styles['skip']}>
        Skip to the page
      </a>
      <div className={styles['frame']} data-menu={isMenuOpen || undefined}>
        <aside className={styles['side']}>
          <Link to="/" className={styles['brand']}>
            <Mark />
            Quartermaster
          </Link>
          <Places />
        </aside>
        <header className={styles['head']}>
          <ActionIcon
            className={styles['burger']}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={isMenuOpen}
            onClick={() => setMenuOpen(!isMenuOpen)}
          >
            <Icon name={isMenuOpen ? 'remove' : 'menu'} />
          </ActionIcon>
          <Search />
          <SiteChoice />
          <Live liveness={liveness} />
          <Person />
        </header>
        <main id="main" className={styles['main']} tabIndex={-1}>
          {!isReached && <OfflineBar />}
          {sites.data?.length === 0 && !withoutSite.some((path) => pathname.startsWith(path)) ? <NoSite /> : <Outlet />}
        </main>
      </div>
      <Keys />
      <Renewal />
    </SessionProvider>
  )
}

/** What is about no site. */
const withoutSite = ['/items', '/users', '/keys', '/audit', '/account']

const NoSite = () => (
  <Page title="Sites">
    <Empty title="There is no site yet" action={<a href="/api/docs">How the API takes one</a>}>
      A site is a warehouse, a shop or a plant. Once there is one, its orders and stock are shown here; <code>qm import</code> brings a whole company.
    </Empty>
  </Page>
)

const Mark = () => (
  <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden>
    <rect width="32" height="32" rx="7" fill="#0d6390" />
    <path d="M9 11.5 16 8l7 3.5v9L16 24l-7-3.5z M9 11.5l7 3.5 7-3.5 M16 15v9" fill="none" stroke="#fff" strokeWidth="2" strokeLinejoin="round" />
  </svg>
)

function Places() {
  const may = useMay()
  const seen = places.filter(({ needs }) => may(needs))
  const groups = [...new Set(seen.map((one) => one.group))]
  return (
    <nav aria-label="Pages" className={styles['places']}>
      {groups.map((group) => (
        <div key={group}>
          <span className={styles['group']} id={`group-${group}`}>
            {group}
          </span>
          <ul aria-labelledby={`group-${group}`}>
            {seen
              .filter((one) => one.group === group)
              .map(({ to, name, icon }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'data-active': true }}>
                    <Icon name={icon} />
                    {name}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

/** An order's number opens it; anything else looks for items. */
function Search() {
  const navigate = useNavigate()
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const wanted = typedIn(event.currentTarget, 'wanted').trim()
    if (wanted === '') return
    if (/^[a-z][a-z0-9]{1,7}-[1-9]\d*$/i.test(wanted)) void navigate({ to: '/orders/$number', params: { number: wanted.toUpperCase() } })
    else void navigate({ to: '/items', search: (before) => ({ ...before, search: wanted }) })
  }
  return (
    <form role="search" className={styles['search']} onSubmit={submit}>
      <TextInput
        name="wanted"
        data-search
        aria-label="Find an order by its number, or items by SKU or name"
        placeholder="Order, SKU or name"
        leftSection={<Icon name="search" size={16} />}
        rightSection={<kbd className={styles['slash']}>/</kbd>}
      />
    </form>
  )
}

function SiteChoice() {
  const { data = [] } = useSites()
  const site = useSite()
  const choose = useChooseSite()
  // In a narrow field the code alone is told; the list has the names.
  const isNarrow = useMediaQuery('(max-width: 900px)')
  return (
    <NativeSelect
      className={styles['site']}
      aria-label="Site"
      value={site}
      onChange={(event) => choose(event.currentTarget.value)}
      data={data.map(({ code, name }) => ({ value: code, label: name === code || (isNarrow && code === site) ? code : `${code} · ${name}` }))}
    />
  )
}

const liveWords: Readonly<Record<Liveness, string>> = { connecting: 'Connecting', live: 'Live', offline: 'Not live' }

const Live = ({ liveness }: { readonly liveness: Liveness }) => (
  <span className={styles['live']} data-liveness={liveness} role="status">
    {liveWords[liveness]}
  </span>
)

const OfflineBar = () => (
  <div className={styles['offline']} role="status">
    The server cannot be reached. What is shown may be old; what you send is safe to send again.
  </div>
)

// Loaded when a session ends.
const SessionEnded = lazy(() => import('./session-ended.tsx').then(({ SessionEnded: component }) => ({ default: component })))

function Renewal() {
  const [hasEnded, setEnded] = useState(false)
  useEffect(() => onSessionEnded(() => setEnded(true)), [])
  return (
    hasEnded && (
      <Suspense>
        <SessionEnded onDone={() => setEnded(false)} />
      </Suspense>
    )
  )
}

const looks = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['auto', 'As the device'],
] as const

/** A browser's own popover: it opens, closes and gives the focus back by itself. */
function Person() {
  const { user } = useSession()
  const signOut = useSignOut()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${user.displayName}: settings`} popoverTarget="person">
        <Icon name="person" />
      </ActionIcon>
      <div id="person" popover="auto" className={styles['person']}>
        <p>
          <strong>{user.displayName}</strong>
          <span>{sentence(user.role)}</span>
        </p>
        <Link to="/account" onClick={() => document.getElementById('person')?.hidePopover()}>
          <Icon name="person" size={16} /> Your account
        </Link>
        <fieldset>
          <legend>Appearance</legend>
          {looks.map(([value, word]) => (
            <label key={value}>
              <input type="radio" name="appearance" checked={colorScheme === value} onChange={() => setColorScheme(value)} />
              {word}
            </label>
          ))}
        </fieldset>
        <button type="button" popoverTarget="person" popoverTargetAction="hide" onClick={openHelp}>
          <Icon name="help" size={16} /> Keyboard
        </button>
        <button type="button" onClick={() => void signOut()}>
          <Icon name="leave" size={16} /> Sign out
        </button>
      </div>
    </>
  )
}
