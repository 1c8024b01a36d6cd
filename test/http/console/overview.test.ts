import * as fc from 'fast-check'
import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { seriesOf } from '../../../src/http/console/overview/series.ts'
import { deliver, deliverMessage, getJson } from '../../support/requests.ts'
import { openConsole, type Operator } from './signed-in.ts'

const HOUR_MS = 3_600_000

let sent = 0
const send = ({ archive }: Operator, hoursAgo: number, fields: Record<string, string> = {}) =>
  deliverMessage(archive, {
    msgUID: `m${++sent}`,
    msgTimestamp: String(archive.clock.nowMs - hoursAgo * HOUR_MS),
    ...fields,
  })

/** Rows of the table of numbers, cells separated by blanks, that are not all zero. */
function numbersIn(page: string): string[] {
  const table = /<table id="numbers">(.*?)<\/table>/s.exec(page)?.[1] ?? ''
  return table
    .split('</tr>')
    .map((row) =>
      row
        .replaceAll(/<[^>]+>/g, '|')
        .replaceAll(/[\s|]*\|[\s|]*/g, '|')
        .trim(),
    )
    .filter((row) => !/^\|[^|]+\|(0\|)*$/.test(row) && row !== '|')
}

describe('the overview', () => {
  it('has the messages of each hour, by type or by channel, as a table', async () => {
    const operator = await openConsole()
    await send(operator, 0)
    await send(operator, 2)
    await send(operator, 2, { objectName: 'RC:ImgMsg', channelType: 'GROUP', content: '{"imageUri":"x"}' })
    await send(operator, 30)
    const byType = await operator.page('/console/overview?range=24h')
    expect(numbersIn(byType)).toEqual(['|Time|Text|Image|', '|12-20 06:00|1|1|', '|12-20 08:00|1|0|'])
    expect(byType).toContain('3 messages in this range')
    const byChannel = await operator.page('/console/overview?range=30d&by=channel')
    expect(numbersIn(byChannel)).toEqual(['|Time|one to one|group|', '|2024-12-19|1|0|', '|2024-12-20|2|1|'])
    expect(byChannel).toContain('4 messages in this range')
  })

  it('says which app of the archive is not configured, and where misaddressed callbacks came, in both languages', async () => {
    const operator = await openConsole()
    const { archive } = operator
    await send(operator, 0)
    await deliver(archive, 'a=1', { path: '/callback/<b>messages' })
    const sql = "UPDATE conversations SET app_key = 'forgotten-app'"
    await archive.store.atomically([{ sql, params: [] }])
    const textOf = async (language: string) =>
      (await operator.page(`/console/overview?lang=${language}`))
        .replaceAll(/<[^>]+>/g, '')
        .replaceAll(/\s+/g, ' ')
    const english = await textOf('en')
    expect(english).toContain('App key forgotten-app of the archive is not configured')
    expect(english).toMatch(
      /1 sent to an address that does not exist ?, the newest to \/callback\/%3Cb%3Emessages/,
    )
    const chinese = await textOf('zh')
    expect(chinese).toContain('归档中有应用 forgotten-app 的消息，但设置中没有这个 App Key')
    expect(chinese).toMatch(/1 发到了不存在的地址 ?, 最近一次发到 \/callback\/%3Cb%3Emessages/)
  })

  it('names the range and the kind of lines in its address, and refuses others', async () => {
    const operator = await openConsole()
    const page = await operator.page('/console/overview?range=1y&by=channel')
    expect(page).toContain(
      '<a href="/console/overview?range=1y&amp;by=channel" aria-current="true">1 year</a>',
    )
    expect(page).toContain('<a href="/console/overview?range=24h&amp;by=channel">24 hours</a>')
    expect(page).toContain('<a href="/console/overview?range=1y&amp;by=type">by type</a>')
    expect((await operator.get('/console/overview?range=9y')).status).toBe(422)
  })

  it('loads the files it draws with, which other pages do not', async () => {
    const operator = await openConsole()
    const files = (page: string) =>
      [...page.matchAll(/(?:src|href)="\/console\/assets\/([^"]+)"/g)].map(([, name]) => name)
    const others = files(await operator.page('/console'))
    expect(files(await operator.page('/console/overview'))).toEqual([
      ...others,
      'uPlot.min.css',
      'uPlot.iife.min.js',
      'overview.js',
    ])
  })

  it('is well-formed and harmless, whatever types are called', async () => {
    const operator = await openConsole()
    await send(operator, 0, { objectName: '</th><script>alert(1)</script>', channelType: '"><img src=x>' })
    for (const by of ['type', 'channel']) {
      const page = await operator.page(`/console/overview?by=${by}`)
      const problems: string[] = []
      parse(page, { onParseError: ({ code }) => problems.push(code) })
      expect(problems).toEqual([])
      expect(page).not.toMatch(/<script>|<img/)
    }
    expect(await operator.page('/console/overview')).toContain('&lt;script&gt;')
  })

  it('has words for callbacks that are refused for the unit of their time', async () => {
    const operator = await openConsole({ CALLBACK_TIME_UNIT: 's' })
    expect((await send(operator, 0)).status).toBe(401)
    await operator.archive.settled()
    const textOf = (language: string) => operator.page(`/console/overview?lang=${language}`)
    expect(await textOf('en')).toMatch(/<li>1\s+signed in another unit of time<\/li>/)
    expect(await textOf('zh')).toMatch(/<li>1\s+次：签名时间的单位不同<\/li>/)
  })

  it('tells how messages come in, and leads to what waits', async () => {
    const operator = await openConsole({ API_KEYS: 'root:key-of-the-back-end:read+admin' })
    const { archive } = operator
    expect(await operator.page('/console/overview')).toContain('<dd class="value">never</dd>')
    await send(operator, 0, { objectName: 'app:Order' })
    await deliver(archive, 'nothing=readable')
    await deliver(archive, 'x=1', { query: 'appKey=stranger&nonce=1&timestamp=1&signature=0' })
    await archive.settled()
    archive.clock.nowMs += 61_000
    await deliver(archive, 'nothing=readable')
    await archive.settled()
    const page = await operator.page('/console/overview')
    expect(page).toContain('<dd class="value">1 min 1 s ago')
    expect(page).toMatch(/<li>1\s+of an unknown app<\/li>/)
    expect(page).toMatch(
      /href="\/console\/deliveries\?reason=unreadable&replayed=false"\s*>1\s+could not be read/,
    )
    expect(page).toContain('first seen 2024-12-20 08:00:00')
    const { items } = await getJson<{ items: object[] }>(archive, '/api/v1/console-accesses?limit=1')
    expect(items).toMatchObject([{ action: 'overview', subjectId: null, detail: null }])
  })
})

describe('the lines of the plot', () => {
  it('are nine at most, and lose no message', () => {
    const counts = fc.array(
      fc.record({
        startMs: fc.constantFrom(0, 1, 2),
        name: fc.constantFrom(...Array.from('abcdefghijkl')),
        messages: fc.nat(9),
      }),
    )
    fc.assert(
      fc.property(counts, (all) => {
        const series = seriesOf(all, [
          [0, 1],
          [1, 2],
          [2, 3],
        ])
        expect(series.length).toBeLessThanOrEqual(9)
        const total = all.reduce((sum, { messages }) => sum + messages, 0)
        expect(series.reduce((sum, each) => sum + each.total, 0)).toBe(total)
        expect(series.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0)).toBe(total)
        const least = Math.min(...series.filter(({ name }) => name !== null).map((each) => each.total))
        const names = new Set(series.map(({ name }) => name))
        for (const [name, own] of Map.groupBy(all, (count) => count.name))
          if (!names.has(name))
            expect(own.reduce((sum, { messages }) => sum + messages, 0)).toBeLessThanOrEqual(least)
      }),
    )
  })
})
