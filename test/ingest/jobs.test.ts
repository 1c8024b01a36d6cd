import { openArchive } from '#open-archive'
import { expect, it } from 'vitest'
import { isRevoked, revokeSession } from '../../src/archive/revoked-sessions.ts'
import { hourly } from '../../src/ingest/jobs.ts'
import type { FetchDeps } from '../../src/ingest/fetch-logs.ts'

it('what becomes of scheduled work is logged, and a failure ends nothing else', async () => {
  const lines: unknown[] = []
  const note = (...line: unknown[]) => void lines.push(line)
  const log = { debug: note, info: note, warn: note, error: note }
  const broken = new Proxy({} as FetchDeps, {
    get: () => {
      throw new Error('Failed query: … params: private', { cause: new Error('the disk is full') })
    },
  })
  const { store } = await openArchive()
  await hourly({ log, store, logs: null, history: null })
  await hourly({ log, store, logs: broken, history: null })
  const stack = expect.stringContaining('the disk is full') as string
  expect(lines).toEqual([
    ['job done', { job: 'fetch logs' }],
    ['job done', { job: 'fetch history' }],
    ['job done', { job: 'forget ended sessions' }],
    ['job failed', { job: 'fetch logs', reason: 'the disk is full', stack }],
    ['job done', { job: 'fetch history' }],
    ['job done', { job: 'forget ended sessions' }],
  ])
})

it('what stands of sessions that are over by now is forgotten within the hour', async () => {
  const { store } = await openArchive()
  const silent = () => undefined
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const inOneHour = Date.now() + 3_600_000
  await revokeSession(store, { idHash: 'over', untilMs: Date.now() - 1 })
  await revokeSession(store, { idHash: 'not over', untilMs: inOneHour })
  await hourly({ log, store, logs: null, history: null })
  expect([await isRevoked(store, 'over'), await isRevoked(store, 'not over')]).toEqual([false, true])
})
