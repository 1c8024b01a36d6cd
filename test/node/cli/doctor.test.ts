import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { deliver, deliverMessage } from '../../support/requests.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive } from './archive-process.ts'

type Found = Record<string, { level: string; todo: string | null }>

async function examine(settings: Record<string, string>, ...parameters: string[]) {
  const { exitCode, stdout } = await runArchive(['doctor', '--json', ...parameters], settings)
  const { findings } = JSON.parse(stdout) as {
    findings: { about: string; level: string; todo: string | null }[]
  }
  for (const { level, todo } of findings) expect(todo === null).toBe(level === 'ok')
  const found: Found = Object.fromEntries(findings.map((finding) => [finding.about, finding]))
  return {
    exitCode,
    levels: Object.fromEntries(Object.entries(found).map(([about, { level }]) => [about, level])),
  }
}

const STRONG = { API_KEYS: 'back-end:0123456789abcdef0123456789abcdef:read' }

describe('archive doctor', () => {
  it('finds nothing wrong with a sound archive that has just been written to', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      archive.clock.nowMs = Date.now()
      await deliverMessage(archive, { msgTimestamp: String(Date.now()) })
    })
    chmodSync(path, 0o600)
    const { exitCode, levels } = await examine({ ...settingsFor(path), ...STRONG }, '--full')
    expect(exitCode).toBe(0)
    expect(levels).toMatchObject({
      settings: 'ok',
      secrets: 'ok',
      migrations: 'ok',
      integrity: 'ok',
      clock: 'ok',
      callbacks: 'ok',
      'search index': 'ok',
      'kept aside': 'ok',
      'write-ahead log': 'ok',
      'file modes': 'ok',
    })
  })

  it('warns of silence, of a weak key, of what was kept aside and of who may read the file', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      await deliverMessage(archive)
      await deliver(archive, 'nothing=readable')
    })
    chmodSync(path, 0o644)
    const { exitCode, levels } = await examine({ ...settingsFor(path), API_KEYS: 'back-end:short:read' })
    expect(exitCode).toBe(0)
    expect(levels).toMatchObject({
      secrets: 'warn',
      callbacks: 'warn',
      'kept aside': 'warn',
      'file modes': 'warn',
    })
  })

  it('fails for a clock that went back and for a database of another version', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, async (archive) => {
      archive.clock.nowMs = Date.now() + 3_600_000
      await deliverMessage(archive)
    })
    expect(await examine(settingsFor(path))).toMatchObject({ exitCode: 1, levels: { clock: 'fail' } })
    const database = new Database(path)
    database.exec('UPDATE __drizzle_migrations SET created_at = created_at + 1e12')
    database.close()
    expect(await examine(settingsFor(path))).toMatchObject({ exitCode: 1, levels: { migrations: 'fail' } })
  })

  it('fails where there is no archive, no app, and settings that cannot be read', async () => {
    const path = join(temporaryFolder(), 'a.db')
    expect(await examine(settingsFor(path))).toMatchObject({ exitCode: 1, levels: { database: 'fail' } })
    const none = { DATABASE_PATH: path, ...STRONG }
    expect(await examine(none)).toMatchObject({ exitCode: 1, levels: { settings: 'fail' } })
    const wrong = { ...settingsFor(path), TIME_ZONE: 'Nowhere' }
    expect(await examine(wrong)).toMatchObject({ exitCode: 1, levels: { settings: 'fail' } })
  })
})
