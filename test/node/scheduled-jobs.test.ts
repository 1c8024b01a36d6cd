import { once, EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Store } from '../../src/archive/store.ts'
import { repeatHourly } from '../../src/node/scheduled-jobs.ts'

const PACE = { firstAfter: 1, every: 10 }
const silent = () => undefined
const log = { debug: silent, info: silent, warn: silent, error: silent }

it('the work comes again and again, never twice at once, until the service stops', async () => {
  const runs = new EventEmitter()
  // The job here has no use for it.
  const store = {} as Store
  let [running, mostAtOnce, ended] = [0, 0, 0]
  const job = async () => {
    mostAtOnce = Math.max(mostAtOnce, ++running)
    await sleep(2 * PACE.every)
    running--
    ended++
    runs.emit('end')
  }
  const stopping = new AbortController()
  const over = repeatHourly(job, { log, store, logs: null, history: null, signal: stopping.signal }, PACE)
  for (let run = 0; run < 3; run++) await once(runs, 'end')
  stopping.abort()
  await over
  const before = ended
  await sleep(5 * PACE.every)
  expect({ running, mostAtOnce, after: ended - before }).toEqual({ running: 0, mostAtOnce: 1, after: 0 })
})
