/**
 * How many pages, and parts of files, are made at the same time, whoever asks for them. Each holds the thread that answers for
 * some milliseconds and up to a few megabytes: a callback waits for these few and not for all that were asked for.
 */
import { setImmediate } from '../domain/pauses.ts'

/** Waits for its turn, does the work and lets the next begin, in the order of their coming. */
export type InTurn = <T>(work: () => T | Promise<T>) => Promise<T>

export function createTurns(atOnce: number): InTurn {
  const waiting: (() => void)[] = []
  let working = 0

  return async (work) => {
    if (working < atOnce) working++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Whoever is next takes the turn over, once what has come meanwhile was looked at.
      const next = waiting.shift()
      if (next) setImmediate(next)
      else working--
    }
  }
}
