/** Types of messages that this program does not know, counted as they come: by object name, and by name in a wrapper. */
import { and, desc, eq, sql } from 'drizzle-orm'
import { unknownObjectNames } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type UnknownObjectName = typeof unknownObjectNames.$inferSelect

/** Where a page ended. */
export type ObjectNamePosition = Pick<
  UnknownObjectName,
  'firstReceivedAtMs' | 'appKey' | 'objectName' | 'msgType'
>

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
          ? sql`(${sql.join(ORDER, sql`, `)}) < (${after.firstReceivedAtMs}, ${after.appKey}, ${after.objectName}, ${after.msgType})`
          : undefined,
      ),
    )
    .orderBy(...ORDER.map((column) => desc(column)))
    .limit(limit)
}

// By the first message: later ones would move a type to the front while somebody pages.
const ORDER = [
  unknownObjectNames.firstReceivedAtMs,
  unknownObjectNames.appKey,
  unknownObjectNames.objectName,
  unknownObjectNames.msgType,
]

const place = (name: string) => sql.placeholder(name)

/** The name that the app gave the type of a message in a wrapper, as SQL over the column or value of its content. */
export const msgTypeIn = (content: string) =>
  `CASE WHEN json_valid(${content}) THEN ${content} ->> '$.msgType' END`

type Counted = { appKey: string; objectName: string; content: string; receivedAtMs: number; msgUID: string }

/**
 * To stand directly after the insert of a message: counts its type if the message was new. It changes a row
 * exactly when the insert did, so that whatever comes next may ask `changes()` the same question.
 * @param msgType as `unknown_object_names.msg_type`. It counts only where SQLite reads the same in the content, which
 *   a name that is there twice may prevent: else the count could not be told again from the messages.
 */
export function countUnknownType({ content, ...message }: Counted, msgType: string): Statement {
  return count({ ...message, msgType, wrapper: msgType === '' ? '' : content })
}

const count = prepared(
  sqlWriter
    .insert(unknownObjectNames)
    .select(
      sql`SELECT ${place('appKey')}, ${place('objectName')}, ${place('msgType')}, 1, ${place('receivedAtMs')},
          ${place('receivedAtMs')}, ${place('msgUID')}
        FROM (SELECT ${place('wrapper')} AS content)
        WHERE changes() > 0 AND (${place('msgType')} = '' OR ${sql.raw(msgTypeIn('content'))} = ${place('msgType')})`,
    )
    .onConflictDoUpdate({
      target: [unknownObjectNames.appKey, unknownObjectNames.objectName, unknownObjectNames.msgType],
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
