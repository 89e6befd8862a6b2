// Explain: draws figures from random days and recounts each from the rows that explain it: `npm run test:explain -- --figures 1000`. Its last line is
// JSON; it exits with 1 where a figure is not what it is explained to be, and names it. The same seed lives the same days.

import { parseArgs } from 'node:util'
import { openDatabase } from '../../server/db.ts'
import { SERVER_ROLE, SERVER_SETTINGS } from '../../server/manifest.ts'
import { migrate } from '../../server/migrate.ts'
import { startTemporary } from '../../server/postgres/temporary.ts'
import { checkFigures } from './figures.ts'
import { livedGround } from './ground.ts'

const SHOWN_MAX = 5

const { values } = parseArgs({
  options: { figures: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, batches: { type: 'string', default: '150' } },
})
const [figures, seed, batches] = [Number(values.figures), Number(values.seed), Number(values.batches)]
const postgres = await startTemporary()
try {
  const owner = openDatabase(postgres.connection)
  await migrate(owner, { clock: () => 0 })
  const server = openDatabase(postgres.connection, { role: SERVER_ROLE, settings: SERVER_SETTINGS })
  try {
    const ground = await livedGround({ server, owner }, seed, batches)
    const began = performance.now()
    const { wrong, ...checked } = await checkFigures(ground, seed, figures)
    for (const one of wrong.slice(0, SHOWN_MAX)) process.stderr.write(`${JSON.stringify(one, null, 1)}\n`)
    const seconds = Math.round(performance.now() - began) / 1_000
    process.stdout.write(`${JSON.stringify({ ...checked, wrong: wrong.length, seconds, seed })}\n`)
    if (wrong.length > 0) process.exitCode = 1
  } finally {
    await Promise.all([server.close(), owner.close()])
  }
} finally {
  await postgres.stop()
}
