// Page: what every page is made of: a heading, what can be done, panels, facts.

import type { UseQueryResult } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import type { Problem } from '../client.ts'
import { Icon } from './icons.tsx'
import styles from './page.module.css'
import { Loading, ProblemBox } from './tell.tsx'

export interface PageProps {
  readonly title: string
  readonly badge?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly back?: { readonly to: NonNullable<LinkProps['to']>; readonly params?: Readonly<Record<string, string>>; readonly text: string }
  /** The page is as tall as the window and its table scrolls. */
  readonly fills?: boolean
  readonly children: ReactNode
}

export function Page({ title, badge, about, actions, back, fills = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Quartermaster`
  }, [title])
  return (
    <div className={`${styles['page']} ${fills ? styles['fills'] : ''}`}>
      <div className={styles['heading']}>
        <div className={styles['titles']}>
          {back && (
            <Link to={back.to} {...(back.params && { params: back.params })} className={styles['back']}>
              <Icon name="back" size={14} />
              {back.text}
            </Link>
          )}
          <div className={styles['title']}>
            <h1>{title}</h1>
            {badge}
          </div>
          {about !== undefined && <p className={styles['about']}>{about}</p>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </div>
  )
}

/** The page of one thing until that is read: it loads, or why it cannot be read. */
export const AwaitedPage = ({
  query,
  ...page
}: Pick<PageProps, 'title' | 'back'> & { readonly query: Pick<UseQueryResult<unknown, Problem>, 'error' | 'refetch'> }) => (
  <Page {...page}>{query.error === null ? <Loading /> : <ProblemBox problem={query.error} retry={() => void query.refetch()} />}</Page>
)

export function Panel({ title, more, children }: { readonly title: string; readonly more?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className={styles['panel']} aria-label={title}>
      <div className={styles['panelHead']}>
        <h2>{title}</h2>
        {more}
      </div>
      <div className={styles['panelBody']}>{children}</div>
    </section>
  )
}

export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={`${styles['panel']} ${styles['facts']}`}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Filters({ children }: { readonly children: ReactNode }) {
  return <div className={styles['filters']}>{children}</div>
}
