/** A reader thread: one read-only connection that answers one question at a time. */
import { parentPort, workerData } from 'node:worker_threads'
import { openConnection, rowsOf, type Question } from './connection.ts'
import { failureOf, type Failure } from './failure.ts'
import { standBack } from '../stand-back.ts'

export type Answer = { rows: unknown[][] } | { failure: Failure }

standBack()
const port = parentPort!
const { database, prepare } = openConnection((workerData as { path: string }).path, { readonly: true })

port.on('message', (question: Question | 'close') => {
  if (question === 'close') {
    database.close()
    port.close()
  } else port.postMessage(answerTo(question))
})

function answerTo(question: Question): Answer {
  try {
    return { rows: rowsOf(prepare, question) }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}
