/** What an older version of this program would have made of a database. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MIGRATIONS } from '../../src/node/sqlite/migrations.ts'

type Journal = { entries: unknown[] }

/** A copy of the migrations without the last one. */
export function olderMigrations(folder: string): string {
  const older = join(folder, 'drizzle')
  cpSync(MIGRATIONS, older, { recursive: true })
  const path = join(older, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, -1) }))
  return older
}
