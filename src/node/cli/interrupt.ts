// npm hands on the signal that the terminal has given us already.
const ECHO_MS = 500

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Aborted when asked to stop, for the command to do so at a safe point. Asked again, the process ends at once, by that
 * signal: an exit would wait for the database's threads, and a statement of theirs may take minutes.
 */
export function interruptSignal(stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): AbortSignal {
  const controller = new AbortController()
  let askedAt = 0
  const stop = (signal: NodeJS.Signals) => {
    if (askedAt === 0) {
      askedAt = performance.now()
      controller.abort()
      stderr.write('\nstopping at a safe point; once more to stop at once\n')
    } else if (performance.now() - askedAt > ECHO_MS) {
      for (const name of SIGNALS) process.off(name, stop)
      process.kill(process.pid, signal)
    }
  }
  for (const name of SIGNALS) process.on(name, stop)
  // Whoever read our results has gone.
  stdout.on('error', () => controller.abort())
  return controller.signal
}
