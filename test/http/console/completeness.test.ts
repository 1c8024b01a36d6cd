import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import {
  NO_COUNTS,
  recordLogPause,
  recordProvenHour,
  recordRefusedHost,
} from '../../../src/archive/history-logs.ts'
import { APP, OTHER_APP } from '../../support/archive.ts'
import { deliver, deliverMessage } from '../../support/requests.ts'
import { openConsole, type Operator } from './signed-in.ts'

const HOUR_MS = 3_600_000

const prove = ({ archive }: Operator, time: string, more: Record<string, unknown> = {}) =>
  recordProvenHour(archive.store, {
    appKey: APP.appKey,
    hourStartMs: Date.parse(`${time}:00:00+08:00`),
    provenAtMs: archive.clock.nowMs,
    ...NO_COUNTS,
    ...more,
  })

/** Rows of the calendar, as they are read: the day, then a sign for each column. */
function calendarIn(page: string): string[] {
  const table = /<table class="hours">(.*?)<\/table>/s.exec(page)?.[1] ?? ''
  const rows = table.split('</tr>').slice(0, -1)
  return rows.map((row) =>
    row
      .split(/<\/t[hd]>/)
      .map((cell) => cell.replaceAll(/<[^>]+>|\s/g, '') || '.')
      .slice(0, -1)
      .join(' '),
  )
}

const signs = (...runs: [string, number][]) => runs.map(([sign, count]) => ` ${sign}`.repeat(count)).join('')

describe('the calendar of completeness', () => {
  it('has fourteen days of hours, newest day first, each hour with the sign of its state', async () => {
    const operator = await openConsole()
    await prove(operator, '2024-12-20T01')
    await prove(operator, '2024-12-19T23', { read: 2, unreadable: 1 })
    await prove(operator, '2024-12-07T00')
    const [head, ...days] = calendarIn(await operator.page('/console/completeness'))
    expect(head).toBe(`Day ${Array.from({ length: 24 }, (_, at) => String(at).padStart(2, '0')).join(' ')}`)
    expect(days).toHaveLength(14)
    // Now is 08:00 of the 20th.
    expect(days[0]).toBe(`2024-12-20${signs(['○', 1], ['✓', 1], ['○', 7], ['.', 15])}`)
    expect(days[1]).toBe(`2024-12-19${signs(['○', 23], ['!', 1])}`)
    expect(days[3]).toBe(`2024-12-17${signs(['–', 8], ['○', 16])}`)
    expect(days[13]).toBe(`2024-12-07${signs(['✓', 1], ['–', 23])}`)
  })

  it('goes to older days and back', async () => {
    const operator = await openConsole()
    const newest = await operator.page('/console/completeness')
    expect(newest).toContain('href="/console/completeness?until=2024-12-06"')
    expect(newest).not.toContain('Back to the newest')
    const older = await operator.page('/console/completeness?until=2024-12-06')
    expect(calendarIn(older)[1]).toBe(`2024-12-06${signs(['–', 24])}`)
    expect(older).toContain('<a href="/console/completeness">Back to the newest</a>')
    expect(calendarIn(await operator.page('/console/completeness?until=2030-01-01'))).toEqual(
      calendarIn(newest),
    )
    expect((await operator.get('/console/completeness?until=soon')).status).toBe(422)
  })

  it('has two of the hour that autumn repeats, and none of the one that spring leaves out', async () => {
    const operator = await openConsole({ TIME_ZONE: 'America/New_York' })
    const dayOf = async (day: string) =>
      calendarIn(await operator.page(`/console/completeness?until=${day}`))[1]
    expect(await dayOf('2024-11-03')).toBe(`2024-11-03${signs(['–', 1], ['––', 1], ['–', 22])}`)
    expect(await dayOf('2024-03-10')).toBe(`2024-03-10${signs(['–', 2], ['.', 1], ['–', 21])}`)
  })

  it('says the numbers of each hour in words, and all of one that is asked for', async () => {
    const operator = await openConsole()
    const { archive } = operator
    const msgTimestamp = String(archive.clock.nowMs - HOUR_MS)
    for (const msgUID of ['1', '2', '2']) await deliverMessage(archive, { msgUID, msgTimestamp })
    await prove(operator, '2024-12-20T07', { read: 4, known: 2, filled: 1, different: 1 })
    const said =
      '2024-12-20 07:00, proven: 2 received, 0 filled in from the log, 0 from the message history, 0 repeats, 0 refused, 0 not stored, 0 kept aside'
    const page = await operator.page('/console/completeness')
    expect(page).toContain(`title="${said}" aria-label="${said}"`)
    expect(page).not.toContain('id="hour"')
    const one = await operator.page(`/console/completeness?hour=${msgTimestamp}`)
    const section = (/<section id="hour".*?<\/section>/s.exec(one)?.[0] ?? '').replaceAll(/<[^>]+>|\s+/g, ' ')
    expect(section.replaceAll(/ +/g, ' ')).toContain(
      'Lines read 4 Known 2 Filled in 1 Different from what is archived 1 Unreadable 0',
    )
    expect(section).toContain('2024-12-20 07:00 · proven')
    expect(one).toContain('href="/console/deliveries">To what was kept aside')
  })

  it.each([
    ['en', 'The times of the log do not fit its hour', 'Of other hours'],
    ['zh', '日志中的时间与该小时不符', '属于其他小时'],
  ])(
    'says that a log does not fit its hour, in the calendar and at the hour (%s)',
    async (lang, why, many) => {
      const operator = await openConsole()
      await prove(operator, '2024-12-20T07', { read: 4, known: 4, outside: 3 })
      const page = await operator.page(`/console/completeness?lang=${lang}`)
      expect(page).toMatch(new RegExp(`class="gap"[^>]*title="2024-12-20 07:00[^"]*${why}`))
      const startMs = Date.parse('2024-12-20T07:00:00+08:00')
      const one = await operator.page(`/console/completeness?hour=${startMs}&lang=${lang}`)
      const section = (/<section id="hour".*?<\/section>/s.exec(one)?.[0] ?? '').replaceAll(
        /<[^>]+>|\s+/g,
        ' ',
      )
      expect(section).toContain(why)
      expect(section.replaceAll(/ +/g, ' ')).toContain(`${many} 3`)
    },
  )

  it('has no proof of an hour that was asked for in another zone', async () => {
    const operator = await openConsole({ RONGCLOUD_LOG_ZONE: 'UTC' })
    await prove(operator, '2024-12-20T07')
    expect(calendarIn(await operator.page('/console/completeness')).join('')).not.toContain('✓')
    await prove(operator, '2024-12-20T07', { zoneAheadMs: 0 })
    expect(calendarIn(await operator.page('/console/completeness')).join('')).toContain('✓')
  })

  it('shows one app, and offers the others', async () => {
    const operator = await openConsole()
    await prove(operator, '2024-12-20T01')
    const first = await operator.page('/console/completeness')
    expect(first).toContain(`href="/console/completeness?appKey=${OTHER_APP.appKey}"`)
    const other = await operator.page(`/console/completeness?appKey=${OTHER_APP.appKey}`)
    const isProven = (page: string) => calendarIn(page).join('\n').includes('✓')
    expect([isProven(first), isProven(other)]).toEqual([true, false])
    const alone = await openConsole({ RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}` })
    expect(await alone.page('/console/completeness')).not.toContain('class="choice"')
    const none = await openConsole({ RONGCLOUD_APPS: '' })
    expect(calendarIn(await none.page('/console/completeness'))[1]).toBe(`2024-12-20${signs(['.', 24])}`)
  })

  it('says why nothing becomes proven', async () => {
    const off = await openConsole({ RONGCLOUD_API: 'off' })
    expect(await off.page('/console/completeness')).toContain('RONGCLOUD_API is off')
    const operator = await openConsole()
    const { store, clock } = operator.archive
    expect(await operator.page('/console/completeness')).not.toMatch(/RONGCLOUD_API is off|for a while/)
    await recordLogPause(store, {
      appKey: APP.appKey,
      untilMs: clock.nowMs + 1,
      reason: '1009 <b>not</b> enabled',
    })
    const page = await operator.page('/console/completeness')
    expect(page).toContain('1009 &lt;b&gt;not&lt;/b&gt; enabled')
    const reason = '203.0.113.9 is refused; add it to RONGCLOUD_LOG_HOSTS'
    await recordRefusedHost(store, { appKey: APP.appKey, atMs: clock.nowMs, reason })
    expect(await operator.page('/console/completeness')).toContain(reason)
    expect(await operator.page(`/console/completeness?appKey=${OTHER_APP.appKey}`)).not.toContain(reason)
  })

  it('is well-formed in both languages, without a style or script of its own', async () => {
    const operator = await openConsole()
    await deliver(operator.archive, 'nothing=readable')
    for (const language of ['en', 'zh']) {
      const path = `/console/completeness?hour=${operator.archive.clock.nowMs}&lang=${language}`
      const page = await operator.page(path)
      const problems: string[] = []
      parse(page, { onParseError: ({ code }) => problems.push(code) })
      expect(problems).toEqual([])
      expect(page).not.toMatch(/ style=|<script>/)
      expect(page).toContain(language === 'zh' ? '搁置 1' : '1 kept aside')
    }
  })
})
