/** What the database tells of itself and of what came in last. Read only: nothing is migrated for a look. */
import Database from 'better-sqlite3'
import type { LogZone } from '../../domain/log-zone.ts'
import type { Integrity } from '../backup/check.ts'
import { versionOf } from '../sqlite/migrations.ts'
import { readAppKeys } from '../sqlite/app-keys.ts'
import { fail, ok, warn, type Finding } from './finding.ts'
import { findInLogs } from './history-logs.ts'

const HOUR_MS = 3_600_000
const SILENCE_MS = 24 * HOUR_MS
const FUTURE_MS = 5 * 60_000
const BEHIND_MOST = 10_000
// Counting on would tell no more.
const KEPT_ASIDE_COUNTED = 10_000

/** @param apps app keys that are configured; of `withLogs` the history logs are asked for */
export function findInDatabase(
  path: string,
  {
    nowMs,
    apps,
    withLogs,
    logZone,
  }: { nowMs: number; apps: readonly string[]; withLogs: readonly string[]; logZone: LogZone },
): Finding[] {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { readonly: true, fileMustExist: true })
    const version = migrationsOf(database)
    if (version.level === 'fail') return [version]
    return [
      version,
      appsOf(database, apps),
      clockOf(database, nowMs),
      callbacksOf(database, nowMs),
      ...(withLogs.length > 0 ? [findInLogs(database, { nowMs, appKeys: withLogs, logZone })] : []),
      indexOf(database),
      addressesOf(database),
      timeUnitsOf(database, nowMs),
      keptAsideOf(database),
    ]
  } catch (error) {
    return [unreadable(error as Error)]
  } finally {
    database?.close()
  }
}

const DAMAGED = 'stop the server, keep the files, and restore a backup: archive backup restore'

function unreadable({ message, code }: Error & { code?: unknown }): Finding {
  const isClosed = String(code).startsWith('SQLITE_CANTOPEN')
  const todo = isClosed
    ? 'run this as the user of the archive, who may read its file and write its folder'
    : DAMAGED
  return fail('database', message, todo)
}

export function findingOfIntegrity({ damage, index }: Integrity): Finding {
  if (damage.length > 0) return fail('integrity', damage.join('; '), DAMAGED)
  if (index.length > 0)
    return fail('integrity', index.join('; '), 'archive rebuild makes the search index again')
  return ok('integrity', 'SQLite finds no damage')
}

function migrationsOf(database: Database.Database): Finding {
  const version = versionOf(database)
  if (!version)
    return fail(
      'database',
      'it is of another program',
      "set DATABASE_PATH to the archive's; nothing was changed",
    )
  const { applied, behind, isNewer } = version
  if (isNewer)
    return fail(
      'migrations',
      'the database was written by a newer version of this program',
      'update the program',
    )
  if (behind > 0)
    return fail(
      'migrations',
      `the database is ${behind} migrations behind this program`,
      'back it up, then start the server, which brings it up to date',
    )
  return ok('migrations', `all ${applied} are applied`)
}

/** Callbacks of an app without a secret are refused. */
function appsOf(database: Database.Database, configured: readonly string[]): Finding {
  const unconfigured = readAppKeys(database).filter((appKey) => !configured.includes(appKey))
  if (unconfigured.length === 0) return ok('apps', 'all that have messages are configured')
  return warn(
    'apps',
    `not configured, though the archive has messages of ${unconfigured.length > 1 ? 'them' : 'it'}: ${unconfigured.join(', ')}`,
    'add them to RONGCLOUD_APPS with their secrets, or every callback of theirs is refused',
  )
}

type Newest = { sent: number; received: number } | undefined

function newestOf(database: Database.Database, where = ''): Newest {
  return database
    .prepare(
      `SELECT sent_at_ms AS sent, received_at_ms AS received FROM messages ${where} ORDER BY id DESC LIMIT 1`,
    )
    .get() as Newest
}

function clockOf(database: Database.Database, nowMs: number): Finding {
  const newest = newestOf(database)
  const todo =
    'have the clock set by NTP: times of arrival, member tokens and CALLBACK_MAX_AGE_SECONDS go by it'
  if (newest && newest.received > nowMs + FUTURE_MS)
    return fail('clock', 'the newest message arrived in the future by this clock', todo)
  if (newest && newest.sent > newest.received + FUTURE_MS)
    return warn('clock', 'the newest message was sent after it arrived, by this clock', todo)
  return ok('clock', newest ? 'agrees with the newest message' : 'there is no message to compare it with')
}

function callbacksOf(database: Database.Database, nowMs: number): Finding {
  // What logs and imports bring says nothing of the callbacks.
  const newest = newestOf(database, "WHERE +origin = 'callback'")
  const todo = "check the addresses in RongCloud's console, and that this server can be reached from outside"
  if (!newest) return warn('callbacks', 'none has brought a message yet', todo)
  const silentMs = nowMs - newest.received
  const what = `the last that brought a message came ${Math.max(Math.round(silentMs / 60_000), 0)} minutes ago`
  return silentMs > SILENCE_MS ? warn('callbacks', what, todo) : ok('callbacks', what)
}

function indexOf(database: Database.Database): Finding {
  const behind = Number(
    database
      .prepare(
        'SELECT coalesce((SELECT max(id) FROM messages), 0) - coalesce((SELECT max(indexed_up_to) FROM search_progress), 0)',
      )
      .pluck()
      .get(),
  )
  const what = `${behind} messages behind`
  return behind > BEHIND_MOST
    ? warn(
        'search index',
        what,
        'let the server run: it catches up by itself, and searches are slower until then',
      )
    : ok('search index', what)
}

function addressesOf(database: Database.Database): Finding {
  const waiting = "FROM deliveries WHERE replayed_at_ms IS NULL AND reason = 'unknown_address'"
  const count = Number(
    database.prepare(`SELECT count(*) FROM (SELECT 1 ${waiting} LIMIT ?)`).pluck().get(KEPT_ASIDE_COUNTED),
  )
  if (count === 0) return ok('addresses', 'no callback waits that was sent to one that does not exist')
  const newest = database.prepare(`SELECT detail ${waiting} ORDER BY id DESC LIMIT 1`).pluck().get()
  return warn(
    'addresses',
    `${count}${count === KEPT_ASIDE_COUNTED ? ' or more' : ''} callbacks came to addresses that do not exist, the newest to ${String(newest)}`,
    'mend the address in the console of RongCloud, then replay them: POST /api/v1/deliveries/replay with reason unknown_address',
  )
}

function timeUnitsOf(database: Database.Database, nowMs: number): Finding {
  const units = database
    .prepare('SELECT app_key, unit FROM signed_time_units ORDER BY app_key')
    .raw()
    .all() as [string, string][]
  const known = units.map(([appKey, unit]) => `${appKey} in ${unit}`).join(', ')
  const refused = Number(
    database
      .prepare(
        "SELECT coalesce(sum(callbacks), 0) FROM callback_counts WHERE reason = 'wrong_time_unit' AND hour_start_ms > ?",
      )
      .pluck()
      .get(nowMs - SILENCE_MS),
  )
  if (refused === 0) return ok('signed times', known === '' ? 'no callback has told their unit yet' : known)
  return warn(
    'signed times',
    `${refused} callbacks of the last day were refused, their time being in another unit${known === '' ? '' : ` than known: ${known}`}`,
    "if RongCloud writes it so now, set CALLBACK_TIME_UNIT to s or ms; else somebody changes a signed URL: change the app's secret",
  )
}

function keptAsideOf(database: Database.Database): Finding {
  const count = Number(
    database
      .prepare('SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE replayed_at_ms IS NULL LIMIT ?)')
      .pluck()
      .get(KEPT_ASIDE_COUNTED),
  )
  if (count === 0) return ok('kept aside', 'no callback waits for anybody')
  const todo = 'look at them in the console, or GET /api/v1/deliveries, and replay them'
  return warn(
    'kept aside',
    `${count}${count === KEPT_ASIDE_COUNTED ? ' or more' : ''} callbacks were kept aside`,
    todo,
  )
}
