/** The main thread's end of the writer: collects units, sends them together, answers each. */
import type { Row, Statement } from '../../archive/store.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { errorOf } from './failure.ts'
import { startThread } from './thread.ts'
import type { Parcel, Unit, UnitResult } from './writer.ts'

// More than a second of work: whoever comes later is better served by a 503 now than by a time-out.
const WAITING_MAX = 20_000

type Waiting = { resolve: (rows: Row[][]) => void; reject: (error: unknown) => void }

export type WriterThread = {
  run: (statements: readonly Statement[]) => Promise<Row[][]>
  close: () => Promise<void>
}

export function startWriter(path: string): WriterThread {
  const waiting = new Map<number, Waiting>()
  const texts = new Map<string, number>()
  let newTexts: string[] = []
  let outbox: Unit[] = []
  let lastId = 0
  let ended: ArchiveError | undefined

  const thread = startThread('./writer.ts', path, {
    onMessage: (results: UnitResult[]) => {
      for (const result of results) settle(waiting, result)
    },
    onEnd: (reason) => {
      ended = reason
      for (const { reject } of waiting.values()) reject(reason)
      waiting.clear()
    },
  })
  const flush = () => {
    if (outbox.length > 0) thread.send({ newTexts, units: outbox } satisfies Parcel)
    newTexts = []
    outbox = []
  }
  const pack = ({ sql, params }: Statement) => {
    let text = texts.get(sql)
    if (text === undefined) {
      text = texts.size
      texts.set(sql, text)
      newTexts.push(sql)
    }
    return { text, params }
  }

  return {
    run: (statements) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        if (waiting.size >= WAITING_MAX)
          return reject(new ArchiveError('unavailable', 'too many writes are waiting'))
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        outbox.push({ id, statements: statements.map(pack) })
        if (outbox.length === 1) setImmediate(flush)
      }),
    close: () => {
      flush()
      return thread.close()
    },
  }
}

function settle(waiting: Map<number, Waiting>, result: UnitResult) {
  const caller = waiting.get(result.id)
  waiting.delete(result.id)
  if ('failure' in result) caller?.reject(errorOf(result.failure))
  else caller?.resolve(result.rows)
}
