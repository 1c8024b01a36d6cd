/** Readers beside the writer: a long question holds up one of them, never a callback. */
import type { ArchiveError } from '../../domain/errors.ts'
import type { Question } from './connection.ts'
import { errorOf } from './failure.ts'
import type { Answer } from './reader.ts'
import { startThread, type Thread } from './thread.ts'

type Asked = { question: Question; resolve: (rows: unknown[][]) => void; reject: (error: unknown) => void }
type Reader = { thread: Thread; asked: Asked | null }

export type ReaderPool = {
  ask: (question: Question) => Promise<unknown[][]>
  close: () => Promise<void>
}

export function startReaders(path: string, count: number): ReaderPool {
  const queue: Asked[] = []
  const alive = new Set<Reader>()
  let ended: ArchiveError | undefined

  const next = () => {
    for (const reader of alive) {
      if (reader.asked) continue
      const asked = queue.shift()
      if (!asked) return
      reader.asked = asked
      reader.thread.send(asked.question)
    }
  }
  const readers = Array.from({ length: count }, () => {
    const thread = startThread('./reader.ts', path, {
      onMessage: (answer: Answer) => {
        settle(reader.asked, answer)
        reader.asked = null
        next()
      },
      onEnd: (reason) => {
        alive.delete(reader)
        reader.asked?.reject(reason)
        if (alive.size > 0) return
        ended = reason
        for (const { reject } of queue.splice(0)) reject(reason)
      },
    })
    const reader: Reader = { thread, asked: null }
    alive.add(reader)
    return reader
  })

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        queue.push({ question, resolve, reject })
        next()
      }),
    close: async () => {
      await Promise.all(readers.map(({ thread }) => thread.close()))
    },
  }
}

function settle(asked: Asked | null, answer: Answer) {
  if ('failure' in answer) asked?.reject(errorOf(answer.failure))
  else asked?.resolve(answer.rows)
}
