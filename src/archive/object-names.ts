/** Types of messages that this program does not know, counted as they come. */
import { and, desc, eq, sql } from 'drizzle-orm'
import { unknownObjectNames } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type UnknownObjectName = typeof unknownObjectNames.$inferSelect

/** Where a page ended. */
export type ObjectNamePosition = Pick<UnknownObjectName, 'firstReceivedAtMs' | 'appKey' | 'objectName'>

/** The type that was met last comes first. */
export function listUnknownObjectNames(
  store: Store,
  { appKey }: { appKey?: string | undefined },
  { after, limit }: { after: ObjectNamePosition | null; limit: number },
): Promise<UnknownObjectName[]> {
  return store.db
    .select()
    .from(unknownObjectNames)
    .where(
      and(
        appKey === undefined ? undefined : eq(unknownObjectNames.appKey, appKey),
        after
          ? sql`(${sql.join(ORDER, sql`, `)}) < (${after.firstReceivedAtMs}, ${after.appKey}, ${after.objectName})`
          : undefined,
      ),
    )
    .orderBy(...ORDER.map((column) => desc(column)))
    .limit(limit)
}

// By the first message: later ones would move a type to the front while somebody pages.
const ORDER = [unknownObjectNames.firstReceivedAtMs, unknownObjectNames.appKey, unknownObjectNames.objectName]

const place = (name: string) => sql.placeholder(name)

/**
 * To stand directly after the insert of a message: counts its type if the message was new. It changes a row
 * exactly when the insert did, so that whatever comes next may ask `changes()` the same question.
 */
export const countUnknownType: (message: {
  appKey: string
  objectName: string
  receivedAtMs: number
  msgUID: string
}) => Statement = prepared(
  sqlWriter
    .insert(unknownObjectNames)
    .select(
      sql`SELECT ${place('appKey')}, ${place('objectName')}, 1, ${place('receivedAtMs')}, ${place('receivedAtMs')}, ${place('msgUID')}
        WHERE changes() > 0`,
    )
    .onConflictDoUpdate({
      target: [unknownObjectNames.appKey, unknownObjectNames.objectName],
      set: {
        messageCount: sql`${unknownObjectNames.messageCount} + 1`,
        // A replayed message was received before those that came meanwhile.
        firstReceivedAtMs: sql`min(${unknownObjectNames.firstReceivedAtMs}, excluded.first_received_at_ms)`,
        lastReceivedAtMs: sql`max(${unknownObjectNames.lastReceivedAtMs}, excluded.last_received_at_ms)`,
        exampleMsgUID: sql`CASE WHEN excluded.last_received_at_ms >= ${unknownObjectNames.lastReceivedAtMs}
          THEN excluded.example_msg_uid ELSE ${unknownObjectNames.exampleMsgUID} END`,
      },
    }),
)
