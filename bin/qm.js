#!/usr/bin/env node
// qm: finds the Node that this project is pinned to and runs the command line with it.
// Plain JavaScript for any Node from 18 on, because the code itself is TypeScript that only the pinned Node runs as it stands. npm installs
// that Node as a package beside the others, so whatever Node the machine has is enough to get here.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const nodeVersionMin = 24
const house = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const commandLine = path.join(house, 'cli', 'qm.ts')

// What Node made of the sources last time is kept beside the packages, where only their owner writes: a command starts in half the time. Where it
// cannot be kept, nothing is lost.
const cache = path.join(house, 'node_modules', '.cache', 'node')

if (Number(process.versions.node.split('.')[0]) >= nodeVersionMin) {
  module.enableCompileCache(cache)
  process.argv[1] = commandLine
  await import(pathToFileURL(commandLine).href)
} else {
  const node = pinnedNode()
  if (node) runWith(node)
  else complain()
}

/** The package may stand in our own node_modules, or be hoisted into that of a project which depends on us. */
function pinnedNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  for (let folder = house; ; folder = path.dirname(folder)) {
    for (const name of names) {
      const file = path.join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
      if (existsSync(file)) return file
    }
    if (folder === path.dirname(folder)) return undefined
  }
}

function runWith(node) {
  const child = spawn(node, [commandLine, ...process.argv.slice(2)], { stdio: 'inherit', env: { NODE_COMPILE_CACHE: cache, ...process.env } })
  // The child decides when to end. A supervisor signals us alone, so its signal is passed on; a terminal's Ctrl-C has already reached the child
  // too, and a second one would tell it to hurry.
  const terminal = process.stdin.isTTY || process.stderr.isTTY
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal))
  for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => terminal || child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`qm: ${node} does not start: ${error.message}\n`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    if (!signal) return process.exit(code ?? 2)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function complain() {
  process.stderr.write(
    `qm needs Node ${nodeVersionMin}, this is ${process.version}, and the pinned one is not installed for ${process.platform}-${process.arch}: run npm ci\n` +
      `(If that changes nothing, no Node ${nodeVersionMin} is packaged for this machine: install one and call it by hand.)\n`,
  )
  process.exitCode = 2
}
