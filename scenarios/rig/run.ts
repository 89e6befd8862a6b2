// Run: the folder of one run with its database, and the servers on it that are started one by one; at the end they are killed and nothing is left.

import { openServer, type Opened } from '../../server/open.ts'
import { removeTemporary } from '../../server/postgres/temporary.ts'
import { folderOfRun, type ServerProcess } from './server-process.ts'

export interface Run {
  readonly folder: string
  readonly opened: Opened
  readonly servers: ServerProcess[]
}

export async function inRun<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const folder = await folderOfRun()
  const servers: ServerProcess[] = []
  try {
    const opened = await openServer({ folder })
    try {
      return await work({ folder, opened, servers })
    } finally {
      await Promise.all(servers.map((server) => server.kill()))
      await opened.close()
    }
  } finally {
    await removeTemporary(folder)
  }
}
