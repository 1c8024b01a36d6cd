import { sql } from 'drizzle-orm'
import type { MessageChange } from '../domain/message-change.ts'
import type { Origin } from '../domain/message.ts'
import { messageChanges, messages } from './schema.ts'
import { prepared, sqlWriter, type Store } from './store.ts'

/** Keeps what happened to messages, each once; repeating it is harmless. */
export async function recordChanges(
  store: Store,
  changes: readonly MessageChange[],
  arrival: { receivedAtMs: number; origin: Origin },
): Promise<void> {
  if (changes.length === 0) return
  await store.atomically(changes.map((change) => insertChange(valuesOf(change, arrival))))
}

function valuesOf({ conversation, ...change }: MessageChange, arrival: object) {
  const { channelType = null, userId = null, targetId = null, busChannel = null } = conversation ?? {}
  return { ...change, ...arrival, channelType, userId, targetId, busChannel }
}

const insertChange = prepared(
  sqlWriter
    .insert(messageChanges)
    .values({
      appKey: sql.placeholder('appKey'),
      msgUID: sql.placeholder('msgUID'),
      upToMs: sql.placeholder('upToMs'),
      kind: sql.placeholder('kind'),
      channelType: sql.placeholder('channelType'),
      userId: sql.placeholder('userId'),
      targetId: sql.placeholder('targetId'),
      busChannel: sql.placeholder('busChannel'),
      byUserId: sql.placeholder('byUserId'),
      atMs: sql.placeholder('atMs'),
      data: sql.placeholder('data'),
      identity: sql.placeholder('identity'),
      receivedAtMs: sql.placeholder('receivedAtMs'),
      origin: sql.placeholder('origin'),
      afterMessageId: sql`(SELECT coalesce(max(id), 0) FROM ${messages})`,
    })
    .onConflictDoNothing(),
)
