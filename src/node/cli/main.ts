#!/usr/bin/env node
/** `archive`: the command line. Results on stdout, all else on stderr; exit code 0, 1 or 2. */
import { interruptSignal } from './interrupt.ts'
import { runCli } from './run.ts'

// What is archived is nobody else's on this machine to read.
process.umask(0o077)

const { stdout, stderr } = process
process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  isTerminal: stderr.isTTY,
  environment: process.env,
  signal: interruptSignal(stdout, stderr),
  now: Date.now,
})
