/** The text thread: reads over a connection of its own, and has the main thread write what it makes. */
import { setImmediate as endTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Row } from '../../archive/store.ts'
import { createFind } from '../../http/search/find.ts'
import { startIndexing } from '../indexing.ts'
import { openConnection, rowsOf, type Question } from '../sqlite/connection.ts'
import { errorOf, failureOf } from '../sqlite/failure.ts'
import { storeOver } from '../sqlite/store-over.ts'
import { standBack } from '../stand-back.ts'
import { answerTo, createCalls, type Call } from './calls.ts'
import type { FromText, Search, TextData, ToText, Write } from './thread.ts'

// They go on in turns; more of them would each take longer and hold more.
const SEARCHES_AT_ONCE = 2

standBack()
const port = parentPort!
const send = (message: FromText) => port.postMessage(message)
const { path, templates } = workerData as TextData
const { database, prepare } = openConnection(path, { readonly: true })

const writes = createCalls<Write>((write) => send({ write }))
const store = storeOver({
  ask: async (question) => {
    const rows = read(question)
    await endTurn()
    return rows
  },
  run: (statements, turn) => writes.ask<Row[][]>([statements, turn]),
  vitals: () => ({ writesWaiting: null, lastCommitAtMs: null }),
  close: () => Promise.resolve(void database.close()),
})
const find = createFind(store, templates)
const indexing = startIndexing(store, { error: (failed, facts) => send({ failed, facts }) })
const waiting: Call<Search>[] = []
let running = 0

port.on('message', (message: ToText) => {
  if (message === 'close') void close()
  else if ('written' in message) writes.settle(message.written)
  else {
    waiting.push(message.search)
    searchNext()
  }
})

function searchNext() {
  const search = running < SEARCHES_AT_ONCE ? waiting.shift() : undefined
  if (search) void answer(search)
}

async function answer(search: Call<Search>) {
  running++
  send({ found: await answerTo(search, ([query, limit]) => find(query, limit)) })
  running--
  searchNext()
}

function read(question: Question): unknown[][] {
  try {
    return rowsOf(prepare, question)
  } catch (error) {
    throw errorOf(failureOf(error))
  }
}

async function close() {
  await indexing.stop()
  port.close()
  await store.close()
}
