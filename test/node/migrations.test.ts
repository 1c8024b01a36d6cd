import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { temporaryFolder } from '../support/server-process.ts'

const MIGRATIONS = fileURLToPath(new URL('../../drizzle', import.meta.url))

type Journal = {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[]
}

/** A copy of the migrations with one more, as a later version of the program would bring. */
function laterMigrations(folder: string): string {
  const later = join(folder, 'drizzle')
  cpSync(MIGRATIONS, later, { recursive: true })
  const path = join(later, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal
  const last = journal.entries.at(-1)!
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_later' })
  writeFileSync(path, JSON.stringify(journal))
  writeFileSync(join(later, '9999_later.sql'), 'CREATE TABLE `later` (`id` integer PRIMARY KEY);')
  return later
}

describe('opening a database', () => {
  it('brings one of an older version up to date and keeps its rows', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'archive.db')
    await openSqliteStore(path).close()
    const older = new Database(path)
    older.exec("INSERT INTO sellers (app_key, seller_id, updated_at_ms) VALUES ('a', 's', 1)")
    older.close()
    await openSqliteStore(path, { migrationsFolder: laterMigrations(folder) }).close()
    const migrated = new Database(path)
    expect(migrated.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'later'").pluck().get()).toBe(1)
    expect(migrated.prepare('SELECT seller_id FROM sellers').pluck().all()).toEqual(['s'])
    migrated.close()
  })

  it('refuses one of a newer version', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'archive.db')
    await openSqliteStore(path, { migrationsFolder: laterMigrations(folder) }).close()
    expect(() => openSqliteStore(path)).toThrow(
      `the database ${path} was written by a newer version of this program`,
    )
  })

  it('syncs every commit to the disk', async () => {
    const path = join(temporaryFolder(), 'archive.db')
    const store = openSqliteStore(path)
    // Asked of the writer itself: the setting belongs to its connection, not to the file.
    const [rows] = await store.atomically([{ sql: 'PRAGMA synchronous', params: [] }])
    expect(rows).toEqual([{ synchronous: 2 }])
    await store.close()
  })
})
