import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { credentialsFor } from '../../../src/node/credentials.ts'
import { startFakeApi } from '../../support/fake-api-server.ts'
import { anItem, itemsOf } from '../../support/fake-history.ts'
import { aRecord, linesOfRecords } from '../../support/history-log.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive } from './archive-file.ts'
import { spawnArchive } from './archive-process.ts'
import { runBeforeTerminal } from './cli-in-process.ts'

const SENT_MS = 1734595200123

/** An archive with one message of u1 to shop_a of 2024-12-19 16:00, and RongCloud with a history of its own. */
async function anArchive(given: Record<string, unknown> = {}) {
  const folder = temporaryFolder()
  const api = await startFakeApi('secret')
  const settings = {
    DATABASE_PATH: join(folder, 'archive.db'),
    RONGCLOUD_APPS: 'app:secret',
    RONGCLOUD_API: api.url,
  }
  const log = join(folder, 'log')
  writeFileSync(log, linesOfRecords([aRecord({ appId: 'app', targetId: 'shop_a', ...given })]))
  await runBeforeTerminal(['logs', 'import', log], settings)
  const fetch = (...parameters: string[]) => runBeforeTerminal(['history', 'fetch', ...parameters], settings)
  return { folder, api, history: api.history, settings, fetch }
}

const DAY = ['--from', '2024-12-19', '--to', '2024-12-19'] as const
const reportOf = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>

describe('archive history fetch', () => {
  it('fills in what is missing of the days that are named, and asks for it once', async () => {
    const { history, fetch } = await anArchive()
    history.items.push(...itemsOf(3))
    expect((await fetch(...DAY, '--dry-run')).stdout).toBe('would ask for 1 conversations\n')
    expect(history.queries).toEqual([])
    const { exitCode, stdout, stderr } = await fetch(...DAY, '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(reportOf(stdout)).toMatchObject({
      read: 3,
      filled: 3,
      conversations: 1,
      notFetched: [],
      isToTheEnd: true,
    })
    expect(reportOf((await fetch(...DAY, '--json')).stdout)).toMatchObject({ requests: 0 })
    expect((await fetch(...DAY, '--again')).stdout).toContain('messages: 3 read: 3 known, 0 filled in')
  })

  it('asks for conversations that are named, proven or not, and says which cannot be', async () => {
    const { history, fetch } = await anArchive({ targetType: 3, targetId: 'g1', GroupId: 'g1' })
    history.items.push(anItem({ kind: 'group', targetId: 'g1', fromUserId: 'u2' }))
    const { stdout } = await fetch(
      '--conversation',
      '1',
      '--from',
      '2024-12-01',
      '--to',
      '2024-12-25',
      '--json',
    )
    expect(reportOf(stdout)).toMatchObject({ filled: 1, conversations: 1 })
    expect(history.queries.every(({ kind, userId }) => kind === 'group' && userId === 'u1')).toBe(true)
    const unknown = await fetch('--conversation', '99')
    expect(unknown).toMatchObject({ exitCode: 1, stderr: 'error: there is no conversation 99\n' })
  })

  it('says what is wrong with a conversation of a kind, or of an app, that cannot be asked for', async () => {
    const { fetch } = await anArchive({ targetType: 6 })
    expect((await fetch('--conversation', '1')).stderr).toContain('conversation 1 is of NOTIFY')
    expect((await fetch('--app-key', 'other')).stderr).toContain('RONGCLOUD_APPS does not name the app other')
    const person = await anArchive()
    const elsewhere = { ...person.settings, RONGCLOUD_APPS: 'other:secret' }
    const { stderr } = await runBeforeTerminal(['history', 'fetch', '--conversation', '1'], elsewhere)
    expect(stderr).toContain('conversation 1 is of the app app, which is not asked for')
  })

  it.each([
    [['--from', 'yesterday'], '--from is not a time: yesterday'],
    [['--from', '2024-12-20', '--to', '2024-12-19'], '--from is not before --to'],
    [['--near', '0'], 'must be a whole number from 1 on'],
    [['--conversation', 'x'], 'must be a whole number from 1 on'],
  ])('refuses %j', async (parameters, said) => {
    const { fetch } = await anArchive()
    const { exitCode, stderr } = await fetch(...parameters)
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(said) as string })
  })

  it('ends with the sentence that the cloud storage is not bought', async () => {
    const { api, fetch } = await anArchive()
    api.answers.push(() => Response.json({ code: 1009, errorMessage: 'service not enabled' }))
    const { exitCode, stderr } = await fetch(...DAY)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/app: the cloud storage of messages .* is not enabled for the app/)
  })

  it('does not ask RongCloud for an app that was made up', async () => {
    const { settings } = await anArchive()
    const database = join(temporaryFolder(), 'demonstration.db')
    credentialsFor({}, database)
    await fillArchive(database, () => Promise.resolve())
    const { exitCode, stderr } = await runBeforeTerminal(['history', 'fetch'], {
      DATABASE_PATH: database,
      RONGCLOUD_API: settings.RONGCLOUD_API,
    })
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('RONGCLOUD_APPS is not set') as string,
    })
  })

  it('stops after so many requests, and goes on there', async () => {
    const { history, fetch } = await anArchive()
    history.items.push(...itemsOf(250))
    const first = await fetch(...DAY, '--max-requests', '1')
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('goes on from here') as string,
    })
    expect(reportOf((await fetch(...DAY, '--json')).stdout)).toMatchObject({ filled: 150, isToTheEnd: true })
  })

  it('brings messages and versions that go along with an export', async () => {
    const { folder, history, settings, fetch } = await anArchive()
    history.items.push(
      anItem({ expansion: true, extraContent: '{"a":"b"}' }),
      anItem({ messageUID: aRecord().msgUID, content: '{"content":"edited"}' }),
    )
    await fetch(...DAY)
    const file = join(folder, 'archive.ndjson')
    await runBeforeTerminal(['export', '--output', file], settings)
    const other = { ...settings, DATABASE_PATH: join(folder, 'other.db') }
    expect(await runBeforeTerminal(['import', file], other)).toMatchObject({ exitCode: 0 })
    const rows = (path: string) => {
      const database = new Database(path, { readonly: true })
      onTestFinished(() => void database.close())
      const messages = 'SELECT msg_uid, content, origin, fields FROM messages'
      return [messages, 'SELECT kind, data, origin FROM message_changes'].map((sql) =>
        database.prepare(sql).all(),
      )
    }
    expect(rows(other.DATABASE_PATH)).toEqual(rows(settings.DATABASE_PATH))
    expect(rows(other.DATABASE_PATH)[1]).toMatchObject([
      { kind: 'edit', origin: 'history_query' },
      { kind: 'expansion', origin: 'history_query' },
    ])
  })

  it('shows how far it is on a terminal', async () => {
    const { history, fetch } = await anArchive()
    history.items.push(...itemsOf(1))
    const { stderr } = await fetch(...DAY)
    expect(stderr).toContain('conversations')
    expect(stderr).toContain('1 of 1')
  })

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ended by %s, the same command goes on, and nothing is lost or doubled',
    async (signal) => {
      const { history, settings, fetch } = await anArchive()
      history.items.push(...itemsOf(450))
      const { promise, resolve } = Promise.withResolvers<void>()
      history.answer = (found, { startTime }) => {
        if (startTime < SENT_MS) resolve()
        return found
      }
      const { child, ended } = spawnArchive(['history', 'fetch', ...DAY, '--json'], settings)
      await promise
      child.kill(signal)
      const { exitCode, stderr } = await ended
      expect(exitCode).toBe(signal === 'SIGINT' ? 1 : null)
      if (signal === 'SIGINT') expect(stderr).toContain('goes on from here')
      history.answer = null
      const { known, filled } = reportOf((await fetch(...DAY, '--json')).stdout) as Record<string, number>
      expect(known! + filled!).toBeLessThan(450)
      expect(reportOf((await fetch(...DAY, '--again', '--json')).stdout)).toMatchObject({
        read: 450,
        known: 450,
        filled: 0,
      })
    },
  )
})
