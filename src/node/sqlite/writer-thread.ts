/** The main thread's end of the writer: collects units, sends them together, answers each. */
import { Worker } from 'node:worker_threads'
import type { Row, Statement } from '../../archive/store.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { errorOf } from './failure.ts'
import { closeThread } from './thread.ts'
import type { Unit, UnitResult } from './writer.ts'

// More than a second of work: whoever comes later is better served by a 503 now than by a time-out.
const WAITING_MAX = 20_000

type Waiting = { resolve: (rows: Row[][]) => void; reject: (error: unknown) => void }

export type WriterThread = {
  run: (statements: readonly Statement[]) => Promise<Row[][]>
  close: () => Promise<void>
}

export function startWriter(path: string): WriterThread {
  const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: { path } })
  const waiting = new Map<number, Waiting>()
  let outbox: Unit[] = []
  let lastId = 0
  let broken: unknown

  const send = () => {
    worker.postMessage(outbox)
    outbox = []
  }
  worker.on('message', (results: UnitResult[]) => {
    for (const result of results) settle(waiting, result)
  })
  worker.on('error', (error) => {
    broken = new ArchiveError('unavailable', 'the writer has stopped', { cause: error })
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
  })

  return {
    run: (statements) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken)
        if (waiting.size >= WAITING_MAX)
          return reject(new ArchiveError('unavailable', 'too many writes are waiting'))
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        outbox.push({ id, statements })
        if (outbox.length === 1) setImmediate(send)
      }),
    close: () => closeThread(worker),
  }
}

function settle(waiting: Map<number, Waiting>, result: UnitResult) {
  const caller = waiting.get(result.id)
  waiting.delete(result.id)
  if ('failure' in result) caller?.reject(errorOf(result.failure))
  else caller?.resolve(result.rows)
}
