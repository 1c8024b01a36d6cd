/** The command line in this process, which starts in no time. `archive-process.ts` has it in one of its own. */
import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { runCli } from '../../../src/node/cli/run.ts'

// As main.ts does: what is archived is nobody else's on this machine to read.
process.umask(0o077)

type Watched = {
  signal?: AbortSignal
  /** Given all that has been written to stderr, whenever there is more. */
  onTalk?: (talk: string) => void
}

/** With these settings alone, and nobody who watches. */
export function runArchive(parameters: readonly string[], settings: Record<string, string> = {}) {
  return run(parameters, settings, { isTerminal: false })
}

/** With somebody who watches a terminal. */
export function runBeforeTerminal(
  parameters: readonly string[],
  settings: Record<string, string>,
  watched: Watched = {},
) {
  return run(parameters, settings, { isTerminal: true, ...watched })
}

async function run(
  parameters: readonly string[],
  settings: Record<string, string>,
  { isTerminal, signal, onTalk }: Watched & { isTerminal: boolean },
) {
  const stdout = new PassThrough()
  const stderr = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 80 })
  let [printed, talk] = ['', '']
  stdout.on('data', (chunk) => (printed += String(chunk)))
  stderr.on('data', (chunk) => {
    talk += String(chunk)
    onTalk?.(talk)
  })
  const exitCode = await runCli(parameters, {
    stdout,
    stderr,
    isTerminal,
    environment: { PATH: process.env.PATH, ...settings },
    signal: signal ?? new AbortController().signal,
    now: Date.now,
  })
  stdout.end()
  stderr.end()
  await Promise.all([finished(stdout), finished(stderr)])
  return { exitCode, stdout: printed, stderr: talk }
}
