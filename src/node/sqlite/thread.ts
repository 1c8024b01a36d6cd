import type { Worker } from 'node:worker_threads'

/** Lets a database thread finish what it has, close its connection and end. */
export function closeThread(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve())
    worker.postMessage('close')
  })
}
