#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=4 --optimize-for-size --max-old-space-size=144 --v8-pool-size=1
/** `archive`: the command line. Results on stdout, all else on stderr; exit code 0, 1 or 2. */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { interruptSignal } from './interrupt.ts'

// What is archived is nobody else's on this machine to read.
process.umask(0o077)

// Compiling anew would cost each command half of its memory, and half a second.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url)))
const { runCli } = await import('./run.ts')

const { stdout, stderr } = process
process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  isTerminal: stderr.isTTY,
  environment: process.env,
  signal: interruptSignal(stdout, stderr),
  now: Date.now,
})
