/**
 * The writer thread: the only connection that writes. The units of a parcel share one transaction and one sync.
 * It knows nothing of the schema.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from './connection.ts'
import { failureOf, isUnavailable, type Failure } from './failure.ts'

/** SQL texts are sent once: a unit names them by their place in the order in which they came. */
export type Unit = { id: number; statements: readonly { text: number; params: unknown[] }[] }
export type Parcel = { newTexts: readonly string[]; units: readonly Unit[] }
export type UnitResult = { id: number; rows: Record<string, unknown>[][] } | { id: number; failure: Failure }
/** `ms`: how long the parcel took. */
export type Committed = { results: UnitResult[]; ms: number }

const port = parentPort!
const { database, prepare } = openConnection((workerData as { path: string }).path, { readonly: false })
const begin = database.prepare('BEGIN IMMEDIATE')
const commit = database.prepare('COMMIT')
const rollback = database.prepare('ROLLBACK')

const texts: string[] = []

port.on('message', (parcel: Parcel | 'close') => {
  if (parcel === 'close') return close()
  texts.push(...parcel.newTexts)
  const startedAtMs = performance.now()
  const results = commitTogether(parcel.units)
  port.postMessage({ results, ms: performance.now() - startedAtMs } satisfies Committed)
})

function commitTogether(units: readonly Unit[]): UnitResult[] {
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
