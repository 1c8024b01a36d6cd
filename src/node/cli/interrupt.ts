const INTERRUPTED = 130
// npm hands on the signal that the terminal has given us already.
const ECHO_MS = 500

/** Aborted when asked to stop, for the command to do so at a safe point; asked again, the process ends at once. */
export function interruptSignal(stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): AbortSignal {
  const controller = new AbortController()
  let askedAt = 0
  const stop = () => {
    if (askedAt === 0) {
      askedAt = performance.now()
      controller.abort()
      stderr.write('\nstopping at a safe point; once more to stop at once\n')
    } else if (performance.now() - askedAt > ECHO_MS) process.exit(INTERRUPTED)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  // Whoever read our results has gone.
  stdout.on('error', () => controller.abort())
  return controller.signal
}
