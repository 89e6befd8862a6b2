// Step chart: a drawing of steps in time, of which one is told in words below it: that which is pointed at, or reached by the arrow keys, Home and End.

import { useState, type KeyboardEvent, type ReactNode } from 'react'
import styles from './step-chart.module.css'

export interface StepChartProps {
  /** What a step is. */
  readonly label: string
  readonly width: number
  readonly height: number
  /** How wide a step is. */
  readonly step: number
  readonly steps: readonly { readonly key: string; readonly x: number }[]
  /** The step that is told first; without it the last. */
  readonly first?: number
  readonly words: (index: number) => string
  readonly legend: ReactNode
  readonly className?: string | undefined
  readonly children: ReactNode
}

export function StepChart({ label, width, height, step, steps, first, words, legend, className = '', children }: StepChartProps) {
  const last = steps.length - 1
  const [asked, choose] = useState(first ?? last)
  const chosen = Math.min(asked, last)
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -steps.length, End: steps.length }[event.key]
    if (by === undefined) return
    event.preventDefault()
    choose(Math.max(0, Math.min(chosen + by, last)))
  }
  return (
    <figure className={styles['figure']}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className={`${styles['chart']} ${className}`}
        role="slider"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={chosen}
        aria-valuetext={words(chosen)}
        tabIndex={0}
        onKeyDown={move}
      >
        {steps.length > 1 && <rect x={steps[chosen]!.x} y={0} width={step} height={height} className={styles['chosen']} />}
        {children}
        {steps.map(({ key, x }, index) => (
          <rect
            key={key}
            x={x}
            y={0}
            width={step}
            height={height}
            className={styles['catch']}
            onPointerEnter={() => choose(index)}
            onPointerDown={() => choose(index)}
          />
        ))}
      </svg>
      <figcaption className={styles['words']}>
        <span role="status">{words(chosen)}</span>
        <span className={styles['legend']}>{legend}</span>
      </figcaption>
    </figure>
  )
}
