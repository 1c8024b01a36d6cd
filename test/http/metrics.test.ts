import { openArchive } from '#open-archive'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/archive/store.ts'
import { METRICS } from '../../src/http/metrics/definitions.ts'
import { readGauges } from '../../src/http/metrics/gauges.ts'
import { createMetrics, commitNoter } from '../../src/http/metrics/registry.ts'
import { KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { deliver, deliverMessage, get, signedQuery } from '../support/requests.ts'

type Sample = { name: string; labels: Record<string, string>; value: number }
type Family = { type: string; help: string; samples: Sample[] }

/** Reads the text format 0.0.4 as its description has it. @throws an error naming the line that is not in it */
function parse(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, Family>()
  let current: [string, Family] | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    const [, about, subject = '', rest = ''] = /^# (HELP|TYPE) ([a-z_]\w*) (.+)$/.exec(line) ?? []
    if (about === 'HELP') {
      if (families.has(subject)) throw new Error(`in two places: ${subject}`)
      current = [subject, { type: '', help: rest, samples: [] }]
      families.set(...current)
    } else if (about === 'TYPE') {
      if (current?.[0] !== subject) throw new Error(`TYPE without HELP: ${line}`)
      current[1].type = rest
    } else current?.[1].samples.push(readSample(line, current[0]))
  }
  return families
}

function readSample(line: string, family: string): Sample {
  const [, name = '', pairs = '', value = ''] =
    /^(\w+)(?:\{((?:[a-z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/.exec(line) ?? []
  if (!name.startsWith(family) || !/^(_bucket|_sum|_count)?$/.test(name.slice(family.length)))
    throw new Error(`not a sample of ${family}: ${line}`)
  if (Number.isNaN(Number(value)) || value === '') throw new Error(`not a number: ${line}`)
  const labels = Array.from(pairs.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, label = '', text = '']) => [
    label,
    text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)),
  ])
  return { name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) }
}

async function metricsOf(archive: ArchiveUnderTest) {
  const families = parse(await (await get(archive, '/metrics', KEYS.metrics)).text())
  return {
    families,
    value: (name: string, labels = {}) =>
      families.get(name)?.samples.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))
        ?.value,
  }
}

describe('/metrics', () => {
  it('is Prometheus text, every metric with its help and its type', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const answer = await get(archive, '/metrics', KEYS.metrics)
    expect(answer.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const { families } = await metricsOf(archive)
    expect(families.size).toBeGreaterThan(8)
    for (const [name, { type, help, samples }] of families) {
      expect({ type, help }).toEqual({
        type: METRICS[name as keyof typeof METRICS].type,
        help: METRICS[name as keyof typeof METRICS].help,
      })
      expect(samples).not.toEqual([])
    }
  })

  it('says what became of callbacks: duplicates, conflicts, refused by reason, kept aside', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    await deliverMessage(archive)
    await deliverMessage(archive, { content: 'another' })
    await deliver(archive, 'no message')
    await deliver(archive, 'no message', { query: (await signedQuery()).slice(0, -1) })
    const { value } = await metricsOf(archive)
    const callbacks = (labels: object) => value('rongcloud_callbacks_total', { kind: 'messages', ...labels })
    expect(['recorded', 'known', 'conflict', 'unreadable'].map((outcome) => callbacks({ outcome }))).toEqual([
      1, 1, 1, 1,
    ])
    expect(callbacks({ outcome: 'refused', reason: 'signature_wrong' })).toBe(1)
    const waiting = (reason: string) => value('rongcloud_kept_aside_waiting', { reason })
    expect(['conflict', 'unreadable', 'lossy', 'failed'].map(waiting)).toEqual([1, 1, 0, 0])
  })

  it('says how things are: the database, the last commit and callback, the search index', async () => {
    const archive = await openArchive()
    const before = await metricsOf(archive)
    expect(before.value('rongcloud_last_callback_timestamp_seconds')).toBeUndefined()
    await deliverMessage(archive)
    const { value } = await metricsOf(archive)
    expect(value('rongcloud_last_callback_timestamp_seconds')).toBe(archive.clock.nowMs / 1000)
    expect(value('rongcloud_search_behind_messages')).toBe(1)
    expect(value('rongcloud_database_readable')).toBe(1)
    expect(value('rongcloud_database_bytes')).toBeGreaterThan(100_000)
    expect(value('rongcloud_last_commit_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 60)
    const share = value('rongcloud_database_full_ratio')
    // Only D1 has an end.
    expect(share === undefined || (share > 0 && share < 0.01)).toBe(true)
    expect((share === undefined) === (value('rongcloud_writes_waiting') !== undefined)).toBe(true)
  })

  it('tells of the event loop what the runtime knows, and nothing where it knows nothing', async () => {
    const store = { vitals: () => ({ writesWaiting: 0, lastCommitAtMs: null }) } as unknown as Store
    const delaysTold = async (eventLoopDelaySeconds: (() => number) | null) =>
      (await readGauges({ store, eventLoopDelaySeconds }))
        .filter(({ name }) => name === 'rongcloud_event_loop_delay_seconds')
        .map(({ value }) => value)
    expect(await delaysTold(() => 0.25)).toEqual([0.25])
    expect(await delaysTold(() => 0)).toEqual([0])
    expect(await delaysTold(null)).toEqual([])
  })

  it('still counts when the database cannot be read, and says that', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const fail = () => Promise.reject(new Error('SQLITE_IOERR'))
    Object.assign(archive.store, { db: drizzle(fail), replica: drizzle(fail), atomically: fail, size: fail })
    const { value, families } = await metricsOf(archive)
    expect(value('rongcloud_database_readable')).toBe(0)
    expect(value('rongcloud_callbacks_total', { kind: 'messages', outcome: 'recorded' })).toBe(1)
    expect(families.has('rongcloud_database_bytes')).toBe(false)
  })
})

describe('a histogram', () => {
  const bucketsOf = (text: string, name: string) =>
    (parse(text).get(name)?.samples ?? []).flatMap(({ labels, value }) =>
      labels.le ? [[labels.le, value]] : [],
    )

  it('counts in each bucket what is in the smaller ones too, and all in the last', () => {
    const metrics = createMetrics()
    const note = commitNoter(metrics)
    for (const units of [1, 2, 3, 512, 9999]) note({ units, ms: units })
    const text = metrics.asText([])
    const buckets = bucketsOf(text, 'rongcloud_commit_units')
    expect(buckets.slice(0, 4)).toEqual([
      ['1', 1],
      ['2', 2],
      ['4', 3],
      ['8', 3],
    ])
    expect(buckets.slice(-2)).toEqual([
      ['512', 4],
      ['+Inf', 5],
    ])
    expect(text).toContain('rongcloud_commit_units_sum 10517\nrongcloud_commit_units_count 5\n')
    expect(text).toMatch(/^rongcloud_commit_seconds_sum 10\.517/m)
  })

  it('that never noted anything is not there', () => {
    const metrics = createMetrics()
    commitNoter(metrics)
    expect(metrics.asText([])).toBe('')
  })
})

describe('a label', () => {
  it('may hold anything', () => {
    const metrics = createMetrics()
    const kind = 'a "quoted" \\ back\\nslash\nline, {brace}="x"'
    metrics.count('rongcloud_callbacks_total', { kind })
    metrics.count('rongcloud_callbacks_total', { kind })
    expect(parse(metrics.asText([])).get('rongcloud_callbacks_total')?.samples).toEqual([
      { name: 'rongcloud_callbacks_total', labels: { kind }, value: 2 },
    ])
  })
})
