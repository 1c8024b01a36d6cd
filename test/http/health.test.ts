import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, OTHER_APP, type ArchiveUnderTest } from '../support/archive.ts'
import { deliverMessage, getJson } from '../support/requests.ts'

const AT_ONCE = Array.from({ length: 100 })

/** Counts what the store is asked to write; `mend` lets it write again. */
function breakStore({ store }: ArchiveUnderTest) {
  const { atomically } = store
  const asked = { times: 0, mend: () => {} }
  const put = (then: typeof atomically) =>
    Object.assign(store, {
      atomically: (...given: Parameters<typeof atomically>) => (asked.times++, then(...given)),
    })
  put(() => Promise.reject(new Error('the disk is full')))
  asked.mend = () => put(atomically)
  return asked
}

const statusesOf = (archive: ArchiveUnderTest) =>
  Promise.all(AT_ONCE.map(async () => (await archive.request('/readyz')).status))

describe('GET /readyz', () => {
  it('costs a store that fails no more than four writes a second, whoever asks', async () => {
    const archive = await openArchive()
    const asked = breakStore(archive)
    expect(new Set(await statusesOf(archive))).toEqual(new Set([503]))
    archive.clock.nowMs += 249
    expect(new Set(await statusesOf(archive))).toEqual(new Set([503]))
    expect(asked.times).toBe(1)
    asked.mend()
    archive.clock.nowMs += 1
    expect(new Set(await statusesOf(archive))).toEqual(new Set([200]))
    expect(asked.times).toBe(2)
  })

  it('costs a store that works one write a second', async () => {
    const archive = await openArchive()
    const asked = breakStore(archive)
    asked.mend()
    expect(new Set(await statusesOf(archive))).toEqual(new Set([200]))
    archive.clock.nowMs += 999
    await statusesOf(archive)
    expect(asked.times).toBe(1)
    archive.clock.nowMs += 1
    await statusesOf(archive)
    expect(asked.times).toBe(2)
  })

  it('waits for no proof that was begun long ago', async () => {
    const archive = await openArchive()
    const { atomically } = archive.store
    Object.assign(archive.store, { atomically: () => new Promise(() => {}) })
    void archive.request('/readyz')
    Object.assign(archive.store, { atomically })
    archive.clock.nowMs += 1000
    expect((await archive.request('/readyz')).status).toBe(200)
  })
})

/** As after a start with other settings than those its messages came under. */
async function rename({ store }: ArchiveUnderTest, appKey: string) {
  await store.atomically([
    { sql: 'UPDATE conversations SET app_key = ? WHERE app_key = ?', params: [appKey, OTHER_APP.appKey] },
  ])
}

describe('an app key that the archive knows and the settings do not', () => {
  it('is a warning of /readyz, which stays 200, of the log and of the numbers of ingest', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, {}, APP)
    await deliverMessage(archive, {}, OTHER_APP)
    await rename(archive, 'forgotten-app')
    for (const path of ['/readyz', '/readyz?again']) {
      const answer = await archive.request(path)
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { status: 'ok', warnings: [expect.stringContaining('app key forgotten-app of the archive')] },
      ])
    }
    expect(archive.logged.filter((line) => line.includes('not configured'))).toEqual([
      expect.stringContaining('"appKeys":["forgotten-app"]'),
    ])
    expect(await getJson(archive, '/api/v1/stats/ingest')).toMatchObject({
      unconfiguredApps: ['forgotten-app'],
    })
  })

  it('is asked for once a minute at most, whoever asks, and nobody waits for it', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, {}, OTHER_APP)
    const ready = async () => (await archive.request('/readyz')).json()
    expect(await ready()).toEqual({ status: 'ok' })
    await rename(archive, 'forgotten-app')
    archive.clock.nowMs += 59_999
    expect(await ready()).toEqual({ status: 'ok' })
    archive.clock.nowMs += 1
    await ready()
    await getJson(archive, '/api/v1/messages')
    expect(await ready()).toMatchObject({ warnings: [expect.stringContaining('forgotten-app')] })
  })
})
