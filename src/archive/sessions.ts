/** The last that is known of each session of a user. */
import { and, asc, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import { jsonRows } from './json-rows.ts'
import { sessions } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type Session = Omit<typeof sessions.$inferSelect, 'appKey'>

// Clients that make a new session each time leave many behind.
const SESSIONS_MAX = 100

/** Newest first, at most a hundred; the user is online when any session is, shown or not. */
export async function findPresence(
  store: Store,
  appKey: string,
  userId: string,
): Promise<{ isOnline: boolean; sessions: Session[] }> {
  const own = and(eq(sessions.appKey, appKey), eq(sessions.userId, userId))
  const { appKey: _, ...columns } = getTableColumns(sessions)
  const [newest, online] = await Promise.all([
    store.db
      .select(columns)
      .from(sessions)
      .where(own)
      .orderBy(desc(sessions.atMs), asc(sessions.sessionId))
      .limit(SESSIONS_MAX),
    store.db
      .select({ sessionId: sessions.sessionId })
      .from(sessions)
      .where(and(own, eq(sessions.status, 'online')))
      .limit(1),
  ])
  return { isOnline: online.length > 0, sessions: newest }
}

/** Statements that remember the newest of each session, in whatever order it is told. */
export function sessionStatements(appKey: string, told: readonly Session[]): Statement[] {
  const rows = told.map(({ userId, sessionId, status, os, clientIp, atMs }) => [
    userId,
    sessionId,
    status,
    os,
    clientIp,
    atMs,
  ])
  return jsonRows(rows).map((json) => rememberSessions({ appKey, rows: json }))
}

// Of one moment the later step in a session's life counts (logout after offline after online, which is the alphabet
// backwards), and then any that does not depend on the order of arrival.
const isNewer = sql`
  (excluded.at_ms, ${sessions.status}, coalesce(excluded.os, ''), coalesce(excluded.client_ip, '')) >
  (${sessions.atMs}, excluded.status, coalesce(${sessions.os}, ''), coalesce(${sessions.clientIp}, ''))`

const rememberSessions = prepared(
  sqlWriter
    .insert(sessions)
    .select(
      sql`SELECT ${sql.placeholder('appKey')}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
        FROM json_each(${sql.placeholder('rows')}) WHERE true`,
    )
    .onConflictDoUpdate({
      target: [sessions.appKey, sessions.userId, sessions.sessionId],
      set: {
        status: sql`excluded.status`,
        os: sql`excluded.os`,
        clientIp: sql`excluded.client_ip`,
        atMs: sql`excluded.at_ms`,
      },
      setWhere: isNewer,
    }),
)
