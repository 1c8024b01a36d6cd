/** A reader thread: one read-only connection that answers one question at a time. */
import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from './connection.ts'
import { failureOf, type Failure } from './failure.ts'

export type Question = { sql: string; params: unknown[] }
/** Rows as arrays of values in the order of the columns, as drizzle's proxy wants them. */
export type Answer = { rows: unknown[][] } | { failure: Failure }

const port = parentPort!
const { database, prepare } = openConnection((workerData as { path: string }).path, { readonly: true })

port.on('message', (question: Question | 'close') => {
  if (question === 'close') {
    database.close()
    port.close()
  } else port.postMessage(answerTo(question))
})

function answerTo({ sql, params }: Question): Answer {
  try {
    return {
      rows: prepare(sql)
        .raw(true)
        .all(...params) as unknown[][],
    }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}
