/** The store on Workers: one D1 database behind the same proxy as Node's threads. */
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { shareCommits } from '../archive/shared-commits.ts'
import type { ArchiveDatabase, CommitNoter, Row, Statement, Store } from '../archive/store.ts'
import { insist } from './d1-failure.ts'

// A D1 batch is one transaction and one round trip; these bound how much of either a unit may wait for.
const UNITS_PER_COMMIT = 50

// No D1 database grows beyond this.
const MOST_BYTES = 10 * 1024 ** 3

/**
 * @param shared units that wait together share one transaction. Only within one invocation: a request may not
 *   wait for what another request began.
 */
export function openD1Store(
  database: D1Database,
  { shared = false, onCommit }: { shared?: boolean; onCommit?: CommitNoter } = {},
): Store {
  let lastCommitAtMs: number | null = null
  const commit = async (units: readonly (readonly Statement[])[]): Promise<Row[][][]> => {
    const startedAtMs = Date.now()
    const rows = await insist(() => runBatch(database, units.flat()))
    lastCommitAtMs = Date.now()
    onCommit?.({ units: units.length, ms: lastCommitAtMs - startedAtMs })
    let from = 0
    return units.map((unit) => rows.slice(from, (from += unit.length)))
  }
  const runAlone = async (statements: readonly Statement[]) => (await commit([statements]))[0] ?? []
  return {
    // Without a session a question goes to the primary too; with one, D1 may serve what follows from nearby.
    db: questionsTo(() => database.withSession('first-primary')),
    replica: questionsTo(() => database.withSession('first-unconstrained')),
    atomically: shared ? shareCommits(commit, UNITS_PER_COMMIT) : runAlone,
    // D1 commits what it is given; nothing waits here.
    vitals: () => ({ writesWaiting: null, lastCommitAtMs }),
    size: async () => {
      const { meta } = await insist(() => database.prepare('SELECT 1').run())
      return { bytes: meta.size_after, mostBytes: MOST_BYTES }
    },
    close: () => Promise.resolve(),
  }
}

async function runBatch(database: D1Database, statements: readonly Statement[]): Promise<Row[][]> {
  const prepared = statements.map(({ sql, params }) => database.prepare(sql).bind(...params))
  const results = await database.batch<Row>(prepared)
  return results.map(({ results: rows }) => rows)
}

function questionsTo(open: () => D1DatabaseSession): ArchiveDatabase {
  return drizzle(async (sql, params, method) => {
    const rows = await insist(async () =>
      open()
        .prepare(sql)
        .bind(...params)
        .raw(),
    )
    // Drizzle's proxy wants the one row itself for `get`.
    return { rows: method === 'get' ? (rows[0] as unknown[]) : rows }
  })
}
