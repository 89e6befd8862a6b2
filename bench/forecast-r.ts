// R's forecast package on the same series, where R and the package are: what the others' standard is, on this machine and in the same run.

import { spawnSync } from 'node:child_process'
import type { Series } from './forecast-data.ts'
import { accuracyOf, type Accuracy } from './forecast-scores.ts'

export interface RBench extends Accuracy {
  readonly series: number
  /** By the clock, while it forecasts and neither reads nor writes. */
  readonly series_per_second: number
}

/** A line for each series, frequency;horizon;values; a line of forecasts for each, and at last how many seconds they took. */
const SCRIPT = `
suppressPackageStartupMessages(library(forecast))
how <- commandArgs(trailingOnly = TRUE)[1]
seconds <- 0
for (line in readLines(file("stdin"))) {
  parts <- strsplit(line, ";")[[1]]
  values <- ts(as.numeric(strsplit(parts[3], ",")[[1]]), frequency = as.integer(parts[1]))
  began <- proc.time()[["elapsed"]]
  told <- if (how == "thetaf") thetaf(values, h = as.integer(parts[2])) else forecast(ets(values), h = as.integer(parts[2]))
  seconds <- seconds + proc.time()[["elapsed"]] - began
  cat(paste(as.numeric(told$mean), collapse = ","), "\\n", sep = "")
}
cat(seconds, "\\n", sep = "")
`

/** One in so many: ets takes most of a second for each. */
const ETS_EVERY = 60

export function benchR(all: readonly Series[]): Readonly<Record<string, RBench>> | 'not run' {
  if (spawnSync('Rscript', ['-e', 'library(forecast)']).status !== 0) return 'not run'
  return {
    thetaf: forecastByR('thetaf', all),
    [`ets_every_${ETS_EVERY}`]: forecastByR(
      'ets',
      all.filter((_one, index) => index % ETS_EVERY === 0),
    ),
  }
}

function forecastByR(how: 'thetaf' | 'ets', all: readonly Series[]): RBench {
  const input = all.map(({ train, frequency, test }) => `${frequency};${test.length};${train.join(',')}\n`).join('')
  const { status, stdout, stderr } = spawnSync('Rscript', ['-e', SCRIPT, how], { input, encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX })
  if (status !== 0) throw new Error(`R could not forecast: ${stderr}`)
  const lines = stdout.trimEnd().split('\n')
  const seconds = Number(lines.pop())
  const forecasts = lines.map((line) => Float64Array.from(line.split(','), Number))
  return { series: all.length, ...accuracyOf(all, forecasts), series_per_second: Math.round(all.length / Math.max(seconds, 1e-3)) }
}

const OUTPUT_BYTES_MAX = 2 ** 28
