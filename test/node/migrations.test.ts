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

/** A copy of the migrations as they were before the one of this name. */
function migrationsBefore(name: string, folder: string): string {
  const before = join(folder, `before-${name}`)
  cpSync(MIGRATIONS, before, { recursive: true })
  const path = join(before, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith(name))
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }))
  return before
}

describe('opening a database from before groups had names', () => {
  const CALLED = {
    'group-info': '{"groupId":"g1","groupName":"event","time":5}',
    'RC:GrpNtf': '{"operation":"Rename","data":"{\\"targetGroupName\\":\\"notice\\"}"}',
  }

  async function migrated(fill: (older: Database.Database) => void) {
    const folder = temporaryFolder()
    const path = join(folder, 'archive.db')
    const migrationsFolder = migrationsBefore('add_group_names_and_wrapped_types', folder)
    await openSqliteStore(path, { migrationsFolder }).close()
    const older = new Database(path)
    older.exec(
      "INSERT INTO conversations (id, app_key, channel_type, user_id, target_id, bus_channel) VALUES (1, 'a', 'GROUP', '', 'g1', '')",
    )
    fill(older)
    older.close()
    await openSqliteStore(path).close()
    const database = new Database(path)
    const names = database.prepare('SELECT group_id, name, at_ms FROM group_names ORDER BY 1').raw().all()
    const types = database
      .prepare(
        `SELECT object_name, msg_type, message_count, first_received_at_ms, last_received_at_ms, example_msg_uid
          FROM unknown_object_names ORDER BY 1, 2`,
      )
      .raw()
      .all()
    database.close()
    return { names, types }
  }

  const event = (older: Database.Database, body: string, atMs: number) =>
    older
      .prepare(
        `INSERT INTO callback_events (app_key, kind, identity, body, occurred_at_ms, target_id, nonce_reused, received_at_ms)
          VALUES ('a', 'group-info', ?, ?, ?, 'g1', 0, 1)`,
      )
      .run(`${atMs} ${body}`, body, atMs)

  const message = (
    older: Database.Database,
    msgUID: string,
    objectName: string,
    content: string,
    atMs: number,
  ) =>
    older
      .prepare(
        `INSERT INTO messages (app_key, msg_uid, conversation_id, listing, from_user_id, target_id, object_name, content,
          sent_at_ms, received_at_ms, origin) VALUES ('a', ?, 1, 2, 'u1', 'g1', ?, ?, ?, ?, 'callback')`,
      )
      .run(msgUID, objectName, content, atMs, atMs)

  it.each([
    [5, 4, 'event'],
    [4, 5, 'notice'],
  ])('gives them what an event of %i and a notice of %i said: %s', async (eventMs, noticeMs, name) => {
    const { names } = await migrated((older) => {
      event(older, CALLED['group-info'], eventMs)
      event(older, 'groupId=g1&groupName=form', 9)
      event(older, '{"groupId":"g1","groupName":" "}', 9)
      message(older, 'N', 'RC:GrpNtf', CALLED['RC:GrpNtf'], noticeMs)
      for (const content of [
        '',
        'text',
        '{}',
        '{"operation":"Rename","data":7}',
        '{"operation":"Rename","data":"x"}',
      ])
        message(older, `N ${content}`, 'RC:GrpNtf', content, 9)
    })
    expect(names).toEqual([['g1', name, 5]])
  })

  it('names the types that came in wrappers, and no longer those that are known by now', async () => {
    const { types } = await migrated((older) => {
      for (const name of ['RC:IWNormalMsg', 'RC:CsLM', 'app:Order'])
        older.prepare("INSERT INTO unknown_object_names VALUES ('a', ?, 3, 1, 2, 'x')").run(name)
      message(older, 'A', 'RC:IWNormalMsg', '{"msgType":"shop:Order"}', 8)
      message(older, 'B', 'RC:IWNormalMsg', '{"msgType":"shop:Order"}', 7)
      for (const content of ['', 'text', '{}', '{"msgType":7}', '{"msgType":" "}'])
        message(older, `W ${content}`, 'RC:IWNormalMsg', content, 9)
    })
    expect(types).toEqual([
      ['RC:IWNormalMsg', 'shop:Order', 2, 7, 8, 'A'],
      ['app:Order', '', 3, 1, 2, 'x'],
    ])
  })
})

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
