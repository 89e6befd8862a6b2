// Load client: the process that sends orders to a server and measures how fast it answers. Its parent tells it its job, and it tells when
// the measured window opens and closes (load.ts). What it takes of the processor itself is part of the result.

import type { LoadEvent, LoadJob } from './load.ts'
import { orderTexts } from './load/order-texts.ts'
import { sendClosed, sendOpen } from './load/requests.ts'
import { upload } from './load/upload.ts'
import { Window } from './load/window.ts'

process.on('message', (job) => void run(job as LoadJob))
// A parent that is gone wants nothing any more.
process.on('disconnect', () => process.exit(0))

async function run(job: LoadJob): Promise<void> {
  const window = new Window()
  const traffic = await begin(job, window)
  await new Promise((resolve) => setTimeout(resolve, job.warmup_seconds * 1000))
  tell({ event: 'open' })
  const result = await window.measure(job.seconds * 1000)
  tell({ event: 'closed' })
  await traffic.stop()
  tell({ event: 'result', result: result() })
}

async function begin(job: LoadJob, window: Window): Promise<{ stop(): Promise<void> }> {
  const texts = orderTexts(job)
  const { host, port, way } = job
  const target = { host, port, texts, window, onBroken }
  if (way.kind === 'closed') return sendClosed(target, way.connections)
  if (way.kind === 'open') return sendOpen(target, way.connections, way.orders_per_s)
  const uploads = Array.from({ length: way.streams }, () => upload(job, texts, window, onBroken))
  return {
    stop: async () => {
      await Promise.all(uploads.map((one) => one.stop()))
    },
  }
}

function onBroken(error: Error): void {
  process.stderr.write(`The load client's connection broke: ${error.message}\n`)
  process.exit(1)
}

const tell = (event: LoadEvent): void => void process.send!(event)
