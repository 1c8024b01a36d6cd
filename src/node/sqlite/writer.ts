/**
 * The writer thread: the only connection that writes. Units that wait at the same time share one
 * transaction and one sync. It knows nothing of the schema.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { openConnection } from './connection.ts'
import { failureOf, isUnavailable, type Failure } from './failure.ts'

/** SQL texts are sent once: a unit names them by their place in the order in which they came. */
export type Unit = { id: number; statements: readonly { text: number; params: unknown[] }[] }
export type Parcel = { newTexts: readonly string[]; units: readonly Unit[] }
export type UnitResult = { id: number; rows: Record<string, unknown>[][] } | { id: number; failure: Failure }

// Bounds how long the first of a commit waits for the last.
const UNITS_PER_COMMIT = 512

const port = parentPort!
const { database, prepare } = openConnection((workerData as { path: string }).path, { readonly: false })
const begin = database.prepare('BEGIN IMMEDIATE')
const commit = database.prepare('COMMIT')
const rollback = database.prepare('ROLLBACK')

const texts: string[] = []

port.on('message', (first: Parcel | 'close') => {
  const arrived = [first]
  for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port))
    arrived.push(more.message)
  const units = arrived.flatMap((message) => (message === 'close' ? [] : unpack(message)))
  for (let from = 0; from < units.length; from += UNITS_PER_COMMIT)
    port.postMessage(commitTogether(units.slice(from, from + UNITS_PER_COMMIT)))
  if (arrived.includes('close')) close()
})

function unpack({ newTexts, units }: Parcel): readonly Unit[] {
  texts.push(...newTexts)
  return units
}

function commitTogether(units: Unit[]): UnitResult[] {
  try {
    begin.run()
    const results = units.map(run)
    commit.run()
    return results
  } catch (error) {
    if (database.inTransaction) rollback.run()
    const failure = failureOf(error)
    // One bad unit must not fail its neighbours; a database that cannot be used fails them all alike.
    if (units.length === 1 || isUnavailable(failure)) return units.map(({ id }) => ({ id, failure }))
    return units.flatMap((unit) => commitTogether([unit]))
  }
}

function run({ id, statements }: Unit): UnitResult {
  const rows = statements.map(({ text, params }) => {
    const statement = prepare(texts[text]!)
    if (statement.reader) return statement.all(...params) as Record<string, unknown>[]
    statement.run(...params)
    return []
  })
  return { id, rows }
}

function close() {
  database.close()
  port.close()
}
