/** Readers beside the writer: a long question holds up one of them, never a callback. */
import { Worker } from 'node:worker_threads'
import { ArchiveError } from '../../domain/errors.ts'
import { errorOf } from './failure.ts'
import type { Answer, Question } from './reader.ts'
import { closeThread } from './thread.ts'

type Asked = { question: Question; resolve: (rows: unknown[][]) => void; reject: (error: unknown) => void }

export type ReaderPool = {
  ask: (question: Question) => Promise<unknown[][]>
  close: () => Promise<void>
}

export function startReaders(path: string, count: number): ReaderPool {
  const queue: Asked[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Asked>()
  let alive = count

  const next = () => {
    while (queue.length > 0 && idle.length > 0) {
      const [worker, asked] = [idle.pop()!, queue.shift()!]
      busy.set(worker, asked)
      worker.postMessage(asked.question)
    }
  }
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./reader.ts', import.meta.url), { workerData: { path } })
    idle.push(worker)
    worker.on('message', (answer: Answer) => {
      const asked = busy.get(worker)
      busy.delete(worker)
      idle.push(worker)
      if ('failure' in answer) asked?.reject(errorOf(answer.failure))
      else asked?.resolve(answer.rows)
      next()
    })
    worker.on('error', (error) => {
      const stopped = new ArchiveError('unavailable', 'a reader has stopped', { cause: error })
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
      busy.get(worker)?.reject(stopped)
      busy.delete(worker)
      alive -= 1
      if (alive === 0) for (const { reject } of queue.splice(0)) reject(stopped)
    })
    return worker
  })

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (alive === 0) return reject(new ArchiveError('unavailable', 'all readers have stopped'))
        queue.push({ question, resolve, reject })
        next()
      }),
    close: async () => {
      await Promise.all(workers.map(closeThread))
    },
  }
}
