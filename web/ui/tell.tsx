// Tell: what stands where data would: it loads, there is none, it failed and why. A failure shows its code, which the documentation explains.

import { Button, Skeleton } from '@mantine/core'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { mayPass, Problem } from '../client.ts'
import { Icon } from './icons.tsx'
import styles from './tell.module.css'

export function Loading({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div className={styles['skeletons']} role="status">
      <span className={styles['reader']}>Loading</span>
      {Array.from({ length: rows }, (_none, index) => (
        <Skeleton key={index} height={18} width={`${94 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  )
}

export function Empty({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={styles['tell']}>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  )
}

/** Says that what was asked for was done. */
export const Done = ({ children }: { readonly children: ReactNode }) => (
  <p className={styles['done']} role="status">
    <Icon name="done" size={16} />
    {children}
  </p>
)

export function ProblemBox({ problem, retry }: { readonly problem: Error; readonly retry?: () => void }) {
  const code = problem instanceof Problem ? problem.code : 'unknown'
  return (
    <div className={styles['problem']} role="alert">
      <div>
        <strong>{code === 'offline' ? 'Offline' : 'This did not work'}</strong>
        <p>{problem.message}</p>
        <span className={styles['code']}>
          <code>{code}</code>
          {problem instanceof Problem && problem.field !== '' && <> in {problem.field}</>}
        </span>
      </div>
      {retry && (!(problem instanceof Problem) || mayPass(problem)) && (
        <Button variant="default" leftSection={<Icon name="again" size={16} />} onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** One of the three, or what is shown when there is something. */
export function Told<Data>({
  query,
  rows,
  children,
}: {
  readonly query: { readonly data: Data | undefined; readonly error: Error | null; readonly refetch: () => unknown }
  readonly rows?: number
  readonly children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <ProblemBox problem={query.error} retry={() => void query.refetch()} />
  return rows === undefined ? <Loading /> : <Loading rows={rows} />
}

export function NotFound() {
  return (
    <div className={styles['tell']}>
      <h1>There is no such page</h1>
      <p>The address may be mistyped, or the page may have moved.</p>
      <Link to="/">Back to the flow</Link>
    </div>
  )
}

export function Crashed({ error, reset }: ErrorComponentProps) {
  return (
    <div style={{ padding: 24 }}>
      <ProblemBox problem={error instanceof Error ? error : new Error(String(error))} retry={reset} />
    </div>
  )
}
