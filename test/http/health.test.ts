import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { ArchiveUnderTest } from '../support/archive.ts'

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
