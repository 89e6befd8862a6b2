// Kept: an embedded PostgreSQL that is started again when it is gone, so that a server whose database was killed heals without anybody.
//
// Several servers may keep the same one: whoever looks first starts it, the others join, as in embedded.ts. Connections are made anew by
// their pools, because it always listens in the same place; what was under way when it went is tried again by the lanes.

import { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded.ts'
import { isRunning } from './run.ts'

const LOOK_MILLISECONDS = 200

export async function keepEmbedded(options: EmbeddedOptions): Promise<Pick<Embedded, 'connection' | 'stop'>> {
  const { report = () => undefined } = options
  let embedded = await startEmbedded(options)
  let mending: Promise<void> | undefined
  const mend = async (): Promise<void> => {
    report('PostgreSQL is gone; starting it again')
    try {
      await embedded.stop()
      embedded = await startEmbedded(options)
    } catch (error) {
      report(`PostgreSQL does not start: ${(error as Error).message}`)
    }
    mending = undefined
  }
  const look = setInterval(() => {
    if (mending === undefined && !isRunning(embedded.pid)) mending = mend()
  }, LOOK_MILLISECONDS)
  // Looking alone keeps no process alive.
  look.unref()
  return {
    connection: embedded.connection,
    stop: async () => {
      clearInterval(look)
      await mending
      await embedded.stop()
    },
  }
}
