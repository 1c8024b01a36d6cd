/** Threads that answer questions leave the processor to those that take callbacks. */
import { setPriority } from 'node:os'

// Of a processor that is wanted by both, the others get three times as much.
const NICE = 5

/** Lowers the priority of the calling thread. Linux alone has one for each thread; elsewhere it would be the process's. */
export function standBack() {
  if (process.platform === 'linux') setPriority(NICE)
}
