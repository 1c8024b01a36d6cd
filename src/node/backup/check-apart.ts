/**
 * Reads a database in a process of its own: one statement may take minutes, and only the end of its process ends it.
 * It writes nothing, so that it may be ended at any time.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Check, Integrity } from './check.ts'

const PROCESS = fileURLToPath(new URL('./check-process.ts', import.meta.url))

/** What the process says. */
export type Told = 'step' | { result: Check | Integrity } | { error: string }

/** @throws Error when the file cannot be read or the signal came */
export function checkApart(path: string, signal: AbortSignal, step: () => void): Promise<Check> {
  return readApart('check', path, signal, step) as Promise<Check>
}

/** @throws Error as above */
export function findDamageApart(path: string, signal: AbortSignal): Promise<Integrity> {
  return readApart('damage', path, signal, () => undefined) as Promise<Integrity>
}

function readApart(task: 'check' | 'damage', path: string, signal: AbortSignal, step: () => void) {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, [task, path], { signal, killSignal: 'SIGKILL' })
    child.on('message', (told: Told) => {
      if (told === 'step') step()
      else if ('error' in told) reject(new Error(told.error))
      else resolve(told.result)
    })
    const stop = () => reject(new Error(`stopped: ${path} was not read to its end`))
    child.on('error', stop)
    // Unlike its exit, this comes after all that it said.
    child.on('disconnect', stop)
  })
}
