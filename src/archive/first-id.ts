import type { Store } from './store.ts'

/** Messages to come get ids from `id` on, so that those below stay free for older ones. */
export async function reserveIdsBelow(store: Store, id: number): Promise<void> {
  await store.atomically([
    {
      sql: `INSERT INTO sqlite_sequence (name, seq) SELECT 'messages', 0
        WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'messages')`,
      params: [],
    },
    { sql: "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'messages'", params: [id - 1] },
  ])
}
