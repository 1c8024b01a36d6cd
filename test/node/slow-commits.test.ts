import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../src/node/sqlite-store.ts'
import { temporaryFolder } from '../support/server-process.ts'

const COUNT = { sql: 'SELECT count(*) FROM messages', params: [] }
// Some ten seconds of work.
const SLOW = {
  sql: 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100000000) SELECT count(*) FROM c',
  params: [],
}

it('a commit that takes too long is answered for, so is what comes meanwhile, and then all is well again', async () => {
  const store = openSqliteStore(join(temporaryFolder(), 'archive.db'), { isHurried: true })
  const startedAt = performance.now()
  const stuck = store.atomically([SLOW]).catch((error: unknown) => error)
  const behind = store.atomically([COUNT]).catch((error: unknown) => error)
  expect(await stuck).toMatchObject({ code: 'unavailable' })
  expect(await behind).toMatchObject({ code: 'unavailable' })
  expect(performance.now() - startedAt).toBeLessThan(5000)
  await expect(store.atomically([COUNT])).rejects.toMatchObject({ code: 'unavailable' })
  await expect.poll(() => store.atomically([COUNT]).catch(() => null), { timeout: 120_000 }).toHaveLength(1)
  await store.close()
}, 150_000)
