import { openDownload } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { hoursToProve } from '../../src/domain/hour-state.ts'
import { fetchLogs, goOnFetching } from '../../src/ingest/fetch-logs.ts'
import { zipOf, type FakeApi } from '../support/fake-rongcloud-api.ts'
import { aRecord, linesOfRecords } from '../support/history-log.ts'
import { aFetching, hangUp, HOUR, HOUR_MS, NOW_MS } from '../support/log-fetching.ts'

const redirectTo = (Location: string) => new Response(null, { status: 302, headers: { Location } })
const cutOff = () => {
  let pieces = 0
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
    pieces++ === 0 ? controller.enqueue(Uint8Array.of(0x50, 0x4b)) : controller.error(new Error('cut off'))
  return new Response(new ReadableStream({ pull }))
}

describe('fetching history logs', () => {
  it('asks for each finished hour of three days once, oldest first, and proves it', async () => {
    const { api, deps, proven } = await aFetching()
    const fetched = await fetchLogs(deps)
    expect(fetched.map(({ reason }) => reason).filter(Boolean)).toEqual(
      ['there is no file yet', 'there is no file yet'].slice(0, fetched.length - (await proven()).length),
    )
    expect(api.asked).toEqual(api.asked.toSorted())
    expect(api.asked).toHaveLength(hoursToProve(NOW_MS).length)
    expect(fetched.find(({ hour }) => hour === HOUR)?.counts).toMatchObject({ read: 2, filled: 2 })
    const before = (await proven()).length
    api.asked.length = 0
    await fetchLogs(deps)
    expect(api.asked).toHaveLength(hoursToProve(NOW_MS).length - before)
  })

  it('knows which hours are finished and kept', () => {
    const hours = hoursToProve(NOW_MS)
    expect(new Date(hours[0] ?? 0).toISOString()).toBe('2024-12-17T01:00:00.000Z')
    expect(new Date(hours.at(-1) ?? 0).toISOString()).toBe('2024-12-19T22:00:00.000Z')
  })

  const breaks: [string, (api: FakeApi) => unknown, RegExp][] = [
    ['a server error', ({ answers }) => answers.push(() => Response.json({}, { status: 502 })), /502/],
    ['an answer that is no JSON', ({ answers }) => answers.push(() => new Response('<html>')), /code none/],
    [
      'an answer for another hour',
      ({ answers }) => answers.push(() => Response.json({ code: 200, url: '', date: '2014010101' })),
      /another hour/,
    ],
    [
      'an answer without end',
      ({ answers }) => answers.push(() => new Response(' '.repeat(1024 ** 2 + 1))),
      /more than 1048576 bytes/,
    ],
    ['a hang-up', ({ answers }) => answers.push(hangUp), /./],
    [
      'a host that is none of theirs',
      ({ answers }) => answers.push(() => Response.json({ code: 200, url: 'http://169.254.169.254/x.zip' })),
      /169\.254\.169\.254.*RONGCLOUD_LOG_HOSTS/,
    ],
    [
      'a file scheme',
      ({ answers }) => answers.push(() => Response.json({ code: 200, url: 'file:///etc/passwd' })),
      /RONGCLOUD_LOG_HOSTS/,
    ],
    [
      'a redirect elsewhere',
      (api) => (api.download = () => redirectTo('http://localhost:1/')),
      /localhost:1/,
    ],
    ['redirects without end', (api) => (api.download = () => redirectTo('/again')), /redirects without end/],
    ['a missing file', (api) => (api.download = () => new Response(null, { status: 404 })), /404/],
    ['an empty file', (api) => (api.download = () => new Response('\n')), /no record in the file/],
    ['a zip without members', async (api) => api.files.set(HOUR, await zipOf({})), /no record in the file/],
    [
      'a zip of an empty log',
      async (api) => api.files.set(HOUR, await zipOf({ a: '' })),
      /no record in the file/,
    ],
    [
      'a page in place of the file',
      (api) => (api.download = () => new Response('<html>\n<h1>Not Found</h1>\n</html>\n')),
      /does not look like a history log/,
    ],
    ['a file that is cut on its way', (api) => (api.download = cutOff), /./],
    ['a truncated zip', (api) => api.files.set(HOUR, api.files.get(HOUR)!.slice(0, -30)), /./],
    [
      'a zip with a damaged member',
      async (api) => {
        const file = await zipOf({ a: linesOfRecords([aRecord()]) }, { compress: false })
        api.files.set(
          HOUR,
          file.map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
        )
      },
      /damaged/,
    ],
  ]
  it.each(breaks)(
    'does not prove an hour by %s, and proves it the next time',
    async (_what, misbehave, reason) => {
      const { api, fetchOne, proven } = await aFetching()
      const file = api.files.get(HOUR)!
      await misbehave(api)
      const [hour] = await fetchOne()
      expect(hour).toMatchObject({ counts: null, reason: expect.stringMatching(reason) as string })
      expect(await proven()).toEqual([])
      Object.assign(api, { download: null })
      api.files.set(HOUR, file)
      await fetchOne()
      expect(await proven()).toEqual([HOUR_MS])
    },
  )

  it('refuses what is too large, packed or unpacked', async () => {
    const { api, deps, proven } = await aFetching()
    api.files.set(HOUR, await zipOf({ bomb: ' '.repeat(5_000_000) }))
    for (const [limits, reason] of [
      [{ downloadBytes: 100, unpackedBytes: 10_000_000 }, 'more than is allowed'],
      [{ downloadBytes: 10_000_000, unpackedBytes: 1_000_000 }, 'more than is allowed'],
    ] as const) {
      const [hour] = await fetchLogs(
        { ...deps, openDownload: (pieces) => openDownload(pieces, limits) },
        { hours: [HOUR_MS] },
      )
      expect(hour?.reason).toContain(reason)
    }
    expect(await proven()).toEqual([])
  })

  it('refuses a zip of more members than is allowed, though nothing is in them', async () => {
    const { api, deps, proven } = await aFetching()
    const empty = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.log`, '']))
    api.files.set(HOUR, await zipOf({ 'a.log': linesOfRecords([aRecord()]), ...empty }))
    const limits = { downloadBytes: 100_000, unpackedBytes: 10_000_000 }
    const fetching: typeof deps = { ...deps, openDownload: (pieces) => openDownload(pieces, limits) }
    const [hour] = await fetchLogs(fetching, { hours: [HOUR_MS] })
    expect(hour?.reason).toContain('more than is allowed')
    expect(await proven()).toEqual([])
  })

  it('counts what a member of a zip swells to, though little is left of it when it is unpacked again', async () => {
    const { api, deps, proven } = await aFetching()
    const gzip = await gzipOf(new TextEncoder().encode(linesOfRecords([aRecord()])))
    // Its header has a name of a megabyte.
    const header = Uint8Array.of(...gzip.subarray(0, 3), 8, ...gzip.subarray(4, 10))
    const name = new Uint8Array(1_000_001).fill(0x61, 0, 1_000_000)
    const swelling = await zipOf({ 'a.gz': Buffer.concat([header, name, gzip.subarray(10)]) })
    api.files.set(HOUR, swelling)
    const fetchWithin = (unpackedBytes: number) =>
      fetchLogs(
        {
          ...deps,
          openDownload: (pieces) => openDownload(pieces, { downloadBytes: 100_000, unpackedBytes }),
        },
        { hours: [HOUR_MS] },
      )
    expect((await fetchWithin(900_000))[0]?.reason).toContain('more than is allowed')
    expect(await proven()).toEqual([])
    expect((await fetchWithin(1_400_000))[0]?.counts).toMatchObject({ read: 1 })
  })

  it('waits when told that it asks too often, and then goes on', async () => {
    const { api, fetchOne, slept, proven } = await aFetching()
    api.answers.push(
      () => Response.json({ code: 1008 }, { status: 429 }),
      () => Response.json({ code: 1008 }),
    )
    await fetchOne()
    expect(slept).toHaveLength(2)
    expect(await proven()).toEqual([HOUR_MS])
  })

  it('stops asking for a while when that does not help', async () => {
    const { api, deps, clock } = await aFetching()
    api.answers.push(...Array.from({ length: 4 }, () => () => Response.json({}, { status: 429 })))
    expect(await fetchLogs(deps)).toHaveLength(1)
    expect(await fetchLogs(deps)).toEqual([])
    clock.nowMs += 3_600_000
    expect((await fetchLogs(deps)).length).toBeGreaterThan(1)
  })

  it('says once that logs are not enabled, and asks again after a day', async () => {
    const { api, deps, clock, logged } = await aFetching()
    api.answers.push(() => Response.json({ code: 1009 }))
    expect(await fetchLogs(deps)).toMatchObject([{ reason: expect.stringContaining('1009') as string }])
    expect(await fetchLogs(deps)).toEqual([])
    expect(logged).toEqual(['hour not proven'])
    expect(api.asked).toEqual([])
    clock.nowMs += 25 * 3_600_000
    await fetchLogs(deps)
    expect(api.asked).not.toEqual([])
  })

  it('asks the other host when the first cannot be reached', async () => {
    const { api, deps, proven } = await aFetching(undefined, { RONGCLOUD_LOG_HOSTS: '127.0.0.1:1' })
    const hosts = ['http://127.0.0.1:1', api.url]
    await fetchLogs({ ...deps, api: { ...deps.api, hosts } }, { hours: [HOUR_MS] })
    expect(await proven()).toEqual([HOUR_MS])
  })

  it('takes no records of another app', async () => {
    const { api, fetchOne } = await aFetching()
    api.files.set(HOUR, await zipOf({ a: linesOfRecords([aRecord({ appId: 'another' })]) }))
    const [hour] = await fetchOne()
    expect(hour?.counts).toMatchObject({ read: 1, filled: 0, unreadable: 1 })
  })

  it('leaves the other hours of a host that answers for none of them', async () => {
    const { api, deps } = await aFetching()
    api.answers.push(hangUp, hangUp, hangUp)
    expect(await fetchLogs(deps)).toHaveLength(3)
    expect(api.asked).toEqual([])
  })

  it('ends a run where it has read enough, and the next goes on there', async () => {
    const { api, deps, proven } = await aFetching()
    const records = Array.from({ length: 5 }, (_, i) => aRecord({ msgUID: `UID-${i}` }))
    api.files.set(
      HOUR,
      await zipOf({
        'a.log': linesOfRecords(records.slice(0, 3)),
        'b.log': linesOfRecords(records.slice(2)),
      }),
    )
    const run = { ...deps, linesPerRun: 2 }
    expect(await goOnFetching(run)).toEqual([])
    const first = await fetchLogs(run, { hours: [HOUR_MS] })
    expect(first).toMatchObject([{ hour: HOUR, counts: null, reason: 'not read to its end yet' }])
    expect((await goOnFetching(run)).at(-1)).toMatchObject({ hour: HOUR, counts: null })
    expect(await proven()).not.toContain(HOUR_MS)
    const last = (await goOnFetching(run)).find(({ hour }) => hour === HOUR)
    expect(last?.counts).toMatchObject({ read: 6, known: 1, filled: 5 })
    expect(await proven()).toContain(HOUR_MS)
    expect(await goOnFetching(run)).toEqual([])
  })

  it('begins again where the file is another by then', async () => {
    const { api, deps } = await aFetching()
    const run = { ...deps, linesPerRun: 1 }
    await fetchLogs(run, { hours: [HOUR_MS] })
    api.files.set(HOUR, await zipOf({ a: linesOfRecords([aRecord({ msgUID: 'C' }), aRecord()]) }))
    const [hour] = await fetchLogs({ ...deps, linesPerRun: 10 }, { hours: [HOUR_MS] })
    expect(hour?.counts).toMatchObject({ read: 2, known: 1, filled: 1 })
  })

  it.each(['plain', 'gzip', 'gzip in a zip', 'a stored zip'])('reads %s', async (what) => {
    const { api, fetchOne } = await aFetching()
    const plain = new TextEncoder().encode(linesOfRecords([aRecord()]))
    const gzip = await gzipOf(plain)
    const files: Record<string, Uint8Array> = {
      plain,
      gzip,
      'gzip in a zip': await zipOf({ 'a.gz': gzip }),
      'a stored zip': await zipOf({ a: plain }, { compress: false }),
    }
    api.files.set(HOUR, files[what]!)
    expect((await fetchOne())[0]?.counts).toMatchObject({ read: 1, filled: 1 })
  })
})

async function gzipOf(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Response(new Uint8Array(bytes)).body!.pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
