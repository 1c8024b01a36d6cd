/** Puts units that wait at the same time into one transaction. */
import type { Row, Statement, Store } from './store.ts'
import { ArchiveError } from '../domain/errors.ts'

type Commit = (units: readonly (readonly Statement[])[]) => Promise<Row[][][]>
type Waiting = {
  statements: readonly Statement[]
  resolve: (rows: Row[][]) => void
  reject: (error: unknown) => void
}

/** @param most units in one transaction */
export function shareCommits(commit: Commit, most: number): Store['atomically'] {
  const queue: Waiting[] = []
  let running = false

  const drain = async () => {
    running = true
    while (queue.length > 0) await settle(commit, queue.splice(0, most))
    running = false
  }
  return (statements) =>
    new Promise((resolve, reject) => {
      queue.push({ statements, resolve, reject })
      if (!running) queueMicrotask(() => running || void drain())
    })
}

async function settle(commit: Commit, units: Waiting[]): Promise<void> {
  try {
    const rows = await commit(units.map(({ statements }) => statements))
    for (const [i, unit] of units.entries()) unit.resolve(rows[i] ?? [])
  } catch (error) {
    // One bad unit must not fail its neighbours; a database that cannot be used fails them all alike.
    if (units.length === 1 || error instanceof ArchiveError) for (const unit of units) unit.reject(error)
    else for (const unit of units) await settle(commit, [unit])
  }
}
