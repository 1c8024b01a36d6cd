/** The console's access log. */
import { and, desc, eq, lt } from 'drizzle-orm'
import { consoleAccesses } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

export { CONSOLE_ACTIONS } from './schema.ts'

export type ConsoleAccess = typeof consoleAccesses.$inferSelect
export type ConsoleAction = ConsoleAccess['action']

export type ConsoleAccessFilter = {
  action?: ConsoleAction | undefined
  subjectId?: number | undefined
  sessionId?: string | undefined
}

export async function recordConsoleAccess(store: Store, access: Omit<ConsoleAccess, 'id'>): Promise<void> {
  await store.atomically([sqlWriter.insert(consoleAccesses).values(access).toSQL()])
}

/** Newest first, those with an id below `before`. */
export function listConsoleAccesses(
  store: Store,
  { action, subjectId, sessionId }: ConsoleAccessFilter,
  { before, limit }: { before: number | null; limit: number },
): Promise<ConsoleAccess[]> {
  return store.db
    .select()
    .from(consoleAccesses)
    .where(
      and(
        action === undefined ? undefined : eq(consoleAccesses.action, action),
        subjectId === undefined ? undefined : eq(consoleAccesses.subjectId, subjectId),
        sessionId === undefined ? undefined : eq(consoleAccesses.sessionId, sessionId),
        before === null ? undefined : lt(consoleAccesses.id, before),
      ),
    )
    .orderBy(desc(consoleAccesses.id))
    .limit(limit)
}
