/** A store over whatever runs its SQL, behind drizzle's proxy. */
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import type { Store } from '../../archive/store.ts'
import type { Question } from './connection.ts'

type Parts = Pick<Store, 'vitals' | 'close'> & {
  ask: (question: Question) => Promise<unknown[][]>
  run: Store['atomically']
}

export function storeOver({ ask, run, vitals, close }: Parts): Store {
  const db = drizzle(async (sql, params, method) => {
    if (!isRead(sql)) {
      const [rows = []] = await run([{ sql, params }])
      return { rows: rows.map((row) => Object.values(row)) }
    }
    const rows = await ask({ sql, params })
    // Drizzle's proxy wants the one row itself for `get`.
    return { rows: method === 'get' ? (rows[0] as unknown[]) : rows }
  })
  return {
    db,
    replica: db,
    atomically: run,
    vitals,
    size: async () => {
      const sql = 'SELECT page_count * page_size FROM pragma_page_count, pragma_page_size'
      const [[bytes] = []] = await ask({ sql, params: [] })
      return { bytes: Number(bytes), mostBytes: null }
    },
    close,
  }
}

// A write that looked like a read would be refused loudly by the read-only connection.
function isRead(sql: string): boolean {
  return /^\s*(select|with|values)\b/i.test(sql)
}
