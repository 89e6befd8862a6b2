// Server: the server that everybody runs, at another time: its clock begins at the moment of the world that it is asked about, so that what was late
// and what came lately in that world still is, whenever it is measured.

import { systemClock } from '../../server/clock.ts'
import { startServer } from '../../server/main.ts'

const [folder, now] = process.argv.slice(2) as [string, string]
const behind = systemClock() - Number(now)
const onFault = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
const server = await startServer({ folder, host: '127.0.0.1', port: 0, clock: () => systemClock() - behind, onFault })
process.send!({ url: server.url })
// A parent that is gone wants nothing any more.
process.once('disconnect', () => void server.stop().then(() => process.exit(0)))
