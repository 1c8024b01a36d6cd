import { expect, it } from 'vitest'
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
  await hourly({ log, logs: null, history: null })
  await hourly({ log, logs: broken, history: null })
  const stack = expect.stringContaining('the disk is full') as string
  expect(lines).toEqual([
    ['job done', { job: 'fetch logs' }],
    ['job done', { job: 'fetch history' }],
    ['job failed', { job: 'fetch logs', reason: 'the disk is full', stack }],
    ['job done', { job: 'fetch history' }],
  ])
})
