import { once, EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Store } from '../../src/archive/store.ts'
import { repeatJobs } from '../../src/node/scheduled-jobs.ts'

const PACE = { firstAfter: 1, every: 10 }

/** The first job takes longer than the time between two runs, and fails when told to. */
function open({ fails = false } = {}) {
  const runs = new EventEmitter()
  const errors: unknown[] = []
  let [running, mostAtOnce] = [0, 0]
  const store = {
    atomically: async () => {
      mostAtOnce = Math.max(mostAtOnce, ++running)
      await sleep(2 * PACE.every)
      running--
      runs.emit('end')
      if (fails) throw new Error('Failed query: … params: private', { cause: new Error('the disk is full') })
    },
  } as unknown as Store
  const silent = () => undefined
  const log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (...line: unknown[]) => errors.push(line),
  }
  const stopping = new AbortController()
  const ended = repeatJobs({ store, log, logs: null, signal: stopping.signal }, PACE)
  return { runs, errors, stopping, ended, atOnce: () => ({ running, mostAtOnce }) }
}

it('the jobs come again and again, never two runs at once, until the service stops', async () => {
  const { runs, stopping, ended, atOnce } = open()
  for (let run = 0; run < 3; run++) await once(runs, 'end')
  stopping.abort()
  await ended
  let after = 0
  runs.on('end', () => after++)
  await sleep(5 * PACE.every)
  expect({ ...atOnce(), after }).toEqual({ running: 0, mostAtOnce: 1, after: 0 })
})

it('a run that fails is logged, and the next comes', async () => {
  const { runs, errors, stopping, ended } = open({ fails: true })
  for (let run = 0; run < 2; run++) await once(runs, 'end')
  stopping.abort()
  await ended
  const stack = expect.stringContaining('the disk is full') as string
  expect(errors[0]).toEqual(['job failed', { job: 'optimize', reason: 'the disk is full', stack }])
})
