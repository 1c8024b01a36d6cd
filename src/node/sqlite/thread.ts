/** A database thread, seen from the main thread. */
import { Worker } from 'node:worker_threads'
import { ArchiveError } from '../../domain/errors.ts'

export type Thread = {
  send: (message: unknown) => void
  /** Lets the thread finish what it has, close its connection and end. Repeating it is harmless. */
  close: () => Promise<void>
}

export type ThreadEvents = {
  onMessage: (message: never) => void
  /** The thread has ended, on request or not: nothing more will be answered. */
  onEnd: (reason: ArchiveError) => void
}

/**
 * @param file the thread's module, from this one
 * @param more what it is given besides `path`
 */
export function startThread(
  file: string,
  path: string,
  { onMessage, onEnd }: ThreadEvents,
  more: Record<string, unknown> = {},
): Thread {
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { path, ...more },
    // Its garbage lives no longer than an answer; more room would only be taken, never used (decision 8).
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  })
  let failure: unknown
  let closing = false
  worker.on('message', onMessage as (message: unknown) => void)
  worker.on('error', (error) => (failure = error))
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      onEnd(new ArchiveError('unavailable', 'the archive is closed', { cause: failure }))
      resolve()
      // Without its database the process is of no use; whoever watches over it starts a new one.
      if (!closing) throw new Error(`the thread ${file} has ended`, { cause: failure })
    })
  })
  return {
    send: (message) => worker.postMessage(message),
    close: () => {
      closing = true
      worker.postMessage('close')
      return ended
    },
  }
}
