// Back-test, its picture: policies as numbered points with their intervals; the first, which is today's rule as a rule, is filled. The table below tells the same in words.

import { useId } from 'react'
import { percent, roughMoney } from '../ui/format.ts'
import { chartOf, type Compared } from './backtest-chart.ts'
import styles from './backtest.module.css'

export function PolicyPicture({ results }: { readonly results: readonly Compared[] }) {
  const { points, cash, served } = chartOf(results)
  const title = useId()
  const at = (part: number): string => `${part}%`
  return (
    <figure className={styles['picture']}>
      <svg role="img" aria-labelledby={title} className={styles['chart']}>
        <title id={title}>Policies by what is served at once and what is tied up in stock; the table of policies has the figures.</title>
        {served.map(({ value, at: y }) => (
          <g key={value}>
            <line x1="0" x2="100%" y1={at(y)} y2={at(y)} className={styles['grid']} />
            <text x="0" y={at(y)} dy={-4} className={styles['label']}>
              {percent(value)}
            </text>
          </g>
        ))}
        {cash.map(({ value, at: x }) => (
          <g key={value}>
            <line x1={at(x)} x2={at(x)} y1="0" y2="90%" className={styles['grid']} />
            <text x={at(x)} y="94%" textAnchor="middle" className={styles['label']}>
              {roughMoney(value)}
            </text>
          </g>
        ))}
        <text x="100%" y="100%" dy={-3} textAnchor="end" className={styles['label']}>
          tied up in stock
        </text>
        {points.map(({ name, x, y, across, along }, index) => (
          <g key={name} className={index === 0 ? styles['first'] : styles['other']}>
            <line x1={at(across.low)} x2={at(across.high)} y1={at(y)} y2={at(y)} className={styles['reach']} />
            <line x1={at(x)} x2={at(x)} y1={at(along.low)} y2={at(along.high)} className={styles['reach']} />
          </g>
        ))}
        {points.map(({ name, x, y }, index) => (
          <g key={name} className={index === 0 ? styles['first'] : styles['other']}>
            <circle cx={at(x)} cy={at(y)} r={10} className={styles['point']} />
            <text x={at(x)} y={at(y)} dy={4} textAnchor="middle" className={styles['pointNumber']}>
              {index + 1}
            </text>
            <title>{name}</title>
          </g>
        ))}
      </svg>
      <figcaption className={styles['legend']}>
        {points.map(({ name }, index) => (
          <span key={name}>
            <b>{index + 1}</b> {name}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
