/** RongCloud's hourly history logs: which of them are in the archive, and when to ask for more. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What was made of the records of a log. */
const counts = {
  read: integer('read').notNull(),
  known: integer('known').notNull(),
  filled: integer('filled').notNull(),
  different: integer('different').notNull(),
  unreadable: integer('unreadable').notNull(),
}

/** Records of an hour's log whose time is not in the hour. */
const outside = integer('outside').notNull().default(0)

/**
 * Hours of an app whose log was read to its end, so that the archive has everything that it has. Whether the hour is proven
 * by it, domain/hour-state.ts says.
 */
export const provenHours = sqliteTable(
  'proven_hours',
  {
    appKey: text('app_key').notNull(),
    hourStartMs: integer('hour_start_ms').notNull(),
    provenAtMs: integer('proven_at_ms').notNull(),
    // In which zone the hour was asked for: in another it is another hour. Beijing's, before there was a choice.
    zoneAheadMs: integer('zone_ahead_ms').notNull().default(28_800_000),
    ...counts,
    outside,
    // Whether anybody on the way could have put another file in its place.
    overPlainHttp: integer('over_plain_http', { mode: 'boolean' }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.hourStartMs] })],
)

/** Apps whose logs are not to be asked for until then, for the reason that RongCloud gave. */
export const logPauses = sqliteTable('log_pauses', {
  appKey: text('app_key').primaryKey(),
  untilMs: integer('until_ms').notNull(),
  reason: text('reason').notNull(),
})

/** Files that were imported to their end, by what is in them and whose records were taken, so that an import can be resumed. */
export const importedFiles = sqliteTable('imported_files', {
  sha256: text('sha256').primaryKey(),
  name: text('name').notNull(),
  importedAtMs: integer('imported_at_ms').notNull(),
  ...counts,
})

/** Hours whose log is read in part: of a file with this in it, so many lines, which made these counts. */
export const logPositions = sqliteTable(
  'log_positions',
  {
    appKey: text('app_key').notNull(),
    hourStartMs: integer('hour_start_ms').notNull(),
    sha256: text('sha256').notNull(),
    lines: integer('lines').notNull(),
    readAtMs: integer('read_at_ms').notNull(),
    ...counts,
    outside,
  },
  (t) => [primaryKey({ columns: [t.appKey, t.hourStartMs] })],
)

/** Apps whose last log lay on a host that is not allowed; none once one could be downloaded. */
export const refusedLogHosts = sqliteTable('refused_log_hosts', {
  appKey: text('app_key').primaryKey(),
  atMs: integer('at_ms').notNull(),
  // Names the host, and the setting that would allow it.
  reason: text('reason').notNull(),
})
