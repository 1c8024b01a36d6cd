/** Which hours and files of RongCloud's history logs the archive has, and when to ask for more. */
import { and, eq, gt, gte, lt, sql } from 'drizzle-orm'
import { importedFiles, logPauses, logPositions, provenHours, refusedLogHosts } from './schema.ts'
import { sqlWriter, type Store } from './store.ts'

/** What was made of the records of a log: `read` is the sum of the others. */
export type LogCounts = { read: number; known: number; filled: number; different: number; unreadable: number }

export const NO_COUNTS: LogCounts = { read: 0, known: 0, filled: 0, different: 0, unreadable: 0 }

export function addCounts(one: LogCounts, other: LogCounts): LogCounts {
  return {
    read: one.read + other.read,
    known: one.known + other.known,
    filled: one.filled + other.filled,
    different: one.different + other.different,
    unreadable: one.unreadable + other.unreadable,
  }
}

export type ProvenHour = typeof provenHours.$inferSelect

/**
 * When each hour begins whose log was read to its end, from `fromMs` on; in this zone, for in another it was that of another
 * hour. `unlessPlain`: and did not come over plain http.
 */
export async function listReadHours(
  store: Store,
  {
    appKey,
    fromMs,
    zoneAheadMs,
    unlessPlain,
  }: { appKey: string; fromMs: number; zoneAheadMs: number; unlessPlain: boolean },
): Promise<number[]> {
  const isAsked = and(
    gte(provenHours.hourStartMs, fromMs),
    eq(provenHours.zoneAheadMs, zoneAheadMs),
    unlessPlain ? eq(provenHours.overPlainHttp, false) : undefined,
  )
  const rows = await store.db
    .select({ hourStartMs: provenHours.hourStartMs })
    .from(provenHours)
    .where(and(eq(provenHours.appKey, appKey), isAsked))
  return rows.map(({ hourStartMs }) => hourStartMs)
}

/** An hour read again keeps what was counted last. */
export async function recordProvenHour(store: Store, hour: typeof provenHours.$inferInsert): Promise<void> {
  const { appKey, hourStartMs, ...set } = hour
  const insert = sqlWriter.insert(provenHours).values(hour)
  const isOfHour = and(eq(logPositions.appKey, appKey), eq(logPositions.hourStartMs, hourStartMs))
  await store.atomically([
    insert.onConflictDoUpdate({ target: [provenHours.appKey, provenHours.hourStartMs], set }).toSQL(),
    sqlWriter.delete(logPositions).where(isOfHour).toSQL(),
  ])
}

export type LogPosition = typeof logPositions.$inferSelect

/** How far the log of an hour was read. */
export async function findLogPosition(
  store: Store,
  appKey: string,
  hourStartMs: number,
): Promise<LogPosition | undefined> {
  const isOfHour = and(eq(logPositions.appKey, appKey), eq(logPositions.hourStartMs, hourStartMs))
  const [position] = await store.db.select().from(logPositions).where(isOfHour)
  return position
}

/** @param keptFromMs those of earlier hours are of no use any longer */
export async function recordLogPosition(
  store: Store,
  position: LogPosition,
  keptFromMs: number,
): Promise<void> {
  const { appKey: _appKey, hourStartMs: _hourStartMs, ...set } = position
  const insert = sqlWriter.insert(logPositions).values(position)
  await store.atomically([
    insert.onConflictDoUpdate({ target: [logPositions.appKey, logPositions.hourStartMs], set }).toSQL(),
    sqlWriter.delete(logPositions).where(lt(logPositions.hourStartMs, keptFromMs)).toSQL(),
  ])
}

/** Whether a log was left half read since then. */
export async function isLogHalfRead(store: Store, sinceMs: number): Promise<boolean> {
  const [row] = await store.db
    .select({ found: sql`1` })
    .from(logPositions)
    .where(gt(logPositions.readAtMs, sinceMs))
    .limit(1)
  return row !== undefined
}

export async function findLogPause(store: Store, appKey: string, nowMs: number): Promise<string | undefined> {
  const [pause] = await store.db.select().from(logPauses).where(eq(logPauses.appKey, appKey))
  return pause && pause.untilMs > nowMs ? pause.reason : undefined
}

/** Apps whose logs are not to be asked for, for this reason, until `fromMs` or later. */
export async function listPausedApps(store: Store, reason: string, fromMs: number): Promise<string[]> {
  const isPaused = and(eq(logPauses.reason, reason), gte(logPauses.untilMs, fromMs))
  const rows = await store.db.select({ appKey: logPauses.appKey }).from(logPauses).where(isPaused)
  return rows.map(({ appKey }) => appKey)
}

export async function recordLogPause(store: Store, pause: typeof logPauses.$inferInsert): Promise<void> {
  const { appKey: _appKey, ...set } = pause
  const insert = sqlWriter.insert(logPauses).values(pause)
  await store.atomically([insert.onConflictDoUpdate({ target: logPauses.appKey, set }).toSQL()])
}

/** Why the last log of an app could not be downloaded, being on a host that is not allowed. */
export async function findRefusedHost(store: Store, appKey: string): Promise<string | undefined> {
  const [refused] = await store.db.select().from(refusedLogHosts).where(eq(refusedLogHosts.appKey, appKey))
  return refused?.reason
}

export async function recordRefusedHost(
  store: Store,
  refused: typeof refusedLogHosts.$inferInsert,
): Promise<void> {
  const { appKey: _appKey, ...set } = refused
  const insert = sqlWriter.insert(refusedLogHosts).values(refused)
  await store.atomically([insert.onConflictDoUpdate({ target: refusedLogHosts.appKey, set }).toSQL()])
}

export async function forgetRefusedHost(store: Store, appKey: string): Promise<void> {
  await store.atomically([
    sqlWriter.delete(refusedLogHosts).where(eq(refusedLogHosts.appKey, appKey)).toSQL(),
  ])
}

export async function isImported(store: Store, sha256: string): Promise<boolean> {
  const [row] = await store.db
    .select({ found: sql`1` })
    .from(importedFiles)
    .where(eq(importedFiles.sha256, sha256))
  return row !== undefined
}

export async function recordImportedFile(
  store: Store,
  { sha256, ...set }: typeof importedFiles.$inferInsert,
): Promise<void> {
  const insert = sqlWriter.insert(importedFiles).values({ sha256, ...set })
  await store.atomically([insert.onConflictDoUpdate({ target: importedFiles.sha256, set }).toSQL()])
}
