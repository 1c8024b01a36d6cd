import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { raw } from 'hono/html'
import { describe, expect, it } from 'vitest'
import { messageChanges } from '../../../src/archive/schema.ts'
import { APP, OTHER_APP, SETTINGS, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { openStream, type EventReader, type ServerEvent } from './event-stream.ts'
import { elementsIn, expectHarmless } from './page.ts'
import { openConsole, operatorOf, type Operator } from './signed-in.ts'

const STREAM = '/console/live/stream'
const AT_ONCE = 50
const STREAMS = 20
const OF_SESSION = 3

let last = 0

/** @returns what its line says */
async function send(archive: ArchiveUnderTest, app = APP): Promise<string> {
  const said = `said-${++last};`
  await deliverMessage(archive, { msgUID: `m${last}`, content: JSON.stringify({ content: said }) }, app)
  return said
}

async function change({ store }: ArchiveUnderTest, kind: 'recall' | 'read' = 'recall', msgUID = `m${last}`) {
  const byUserId = `changed-${++last};`
  const insert = store.db.insert(messageChanges).values({
    appKey: APP.appKey,
    msgUID,
    kind,
    byUserId,
    atMs: 5,
    identity: byUserId,
    receivedAtMs: 6,
    origin: 'callback',
    afterMessageId: sql`(SELECT coalesce(max(id), 0) FROM messages)`,
  })
  await insert
  return byUserId
}

const wordIn = (text: string) => /(?:said|changed)-\d+;/.exec(text)?.[0] ?? text
const wordsOf = (events: readonly ServerEvent[]) => events.map(({ data }) => wordIn(data))

/** What a page shows, first line first. */
const linesOn = (page: string) => [...page.matchAll(/(?:said|changed)-\d+;/g)].map(([word]) => word)

/** Where the script of a page begins to follow. */
const streamOf = (page: string) => (/data-stream="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&')

/** Opens a stream and waits until it has said where it begins. */
async function begin(operator: Operator, path = STREAM, headers: Record<string, string> = {}) {
  const reader = await openStream(operator, path, headers)
  const first = await reader.next()
  expect(first).toMatchObject({ type: 'beat', data: '' })
  return { reader, id: String(first?.id) }
}

async function isLetIn({ get }: Operator): Promise<boolean> {
  const answer = await get(STREAM)
  await answer.body?.cancel()
  return answer.status === 200
}

async function untilEnd(reader: EventReader): Promise<ServerEvent[]> {
  const event = await reader.next()
  return event ? [event, ...(await untilEnd(reader))] : []
}

describe('the page of what arrives', () => {
  it('shows the last fifty, newest first, and where to follow from', async () => {
    const operator = await openConsole()
    const sent: string[] = []
    for (let i = 0; i < AT_ONCE + 3; i++) sent.push(await send(operator.archive))
    const page = await operator.page('/console/live')
    expect(linesOn(page)).toEqual(sent.slice(-AT_ONCE).toReversed())
    expect(page).toContain('<script src="/console/assets/live.js" type="module"')
    const { reader } = await begin(operator, streamOf(page))
    const next = await send(operator.archive)
    expect(wordsOf(await reader.take(1))).toEqual([next])
    await reader.leave()
  })

  it('narrows to an app, as its stream does', async () => {
    const operator = await openConsole()
    const { archive } = operator
    const own = [await send(archive), await send(archive)]
    await send(archive, OTHER_APP)
    const page = await operator.page(`/console/live?appKey=${APP.appKey}`)
    expect(linesOn(page)).toEqual(own.toReversed())
    const { reader } = await begin(operator, streamOf(page))
    await send(archive, OTHER_APP)
    const next = await send(archive)
    expect(wordsOf(await reader.take(1))).toEqual([next])
    await reader.leave()
  })

  it('leads into the conversation, and to a message that changed', async () => {
    const operator = await openConsole()
    await send(operator.archive)
    await change(operator.archive)
    const page = await operator.page('/console/live')
    const [, path = ''] = /href="(\/console\/conversations\/\d+\?message=\d+)#message-\d+"/.exec(page) ?? []
    expect(await operator.page(path)).toContain(`said-${last - 1};`)
    const [, changed = ''] = /href="(\/console\/messages\/\d+)"/.exec(page) ?? []
    expect(await operator.page(changed)).toContain(`changed-${last};`)
  })
})

describe('the stream of what arrives', () => {
  it('begins now, and gives what arrives in its order', async () => {
    const operator = await openConsole()
    const { archive } = operator
    await send(archive)
    const { reader } = await begin(operator)
    const arrived = [await send(archive), await send(archive)]
    expect(wordsOf(await reader.take(2))).toEqual(arrived)
    const recalled = await change(archive)
    expect(wordsOf(await reader.take(1))).toEqual([recalled])
    await reader.leave()
  })

  it('leaves out who has read what', async () => {
    const operator = await openConsole()
    const { reader } = await begin(operator)
    await change(operator.archive, 'read')
    const sent = await send(operator.archive)
    expect(wordsOf(await reader.take(1))).toEqual([sent])
    await reader.leave()
  })

  it('misses and repeats nothing, wherever it broke off', async () => {
    const operator = await openConsole()
    const { archive } = operator
    let { reader, id } = await begin(operator)
    await reader.leave()
    const step = fc.record({
      arrivals: fc.array(fc.constantFrom(send, change), { maxLength: 5 }),
      taken: fc.nat(5),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
        const [arrived, seen]: [string[], string[]] = [[], []]
        const read = async (count: number) => {
          ;({ reader } = await begin(operator, STREAM, { 'Last-Event-ID': id }))
          const events = await reader.take(count)
          await reader.leave()
          id = events.at(-1)?.id ?? id
          seen.push(...wordsOf(events))
        }
        for (const { arrivals, taken } of steps) {
          for (const arrive of arrivals) arrived.push(await arrive(archive))
          await read(Math.min(taken, arrived.length - seen.length))
        }
        await read(arrived.length - seen.length)
        expect(seen).toEqual(arrived)
      }),
      { numRuns: 15 },
    )
  })

  it('goes by what the browser saw last, not by its first address', async () => {
    const operator = await openConsole()
    const page = await operator.page('/console/live')
    const arrived = [await send(operator.archive), await send(operator.archive)]
    const first = await begin(operator, streamOf(page))
    const [event] = await first.reader.take(1)
    await first.reader.leave()
    const again = await begin(operator, streamOf(page), { 'Last-Event-ID': String(event?.id) })
    expect(wordsOf(await again.reader.take(1))).toEqual(arrived.slice(1))
    await again.reader.leave()
  })

  it('sums up what is more than fifty at a time, and goes on behind it', async () => {
    const operator = await openConsole()
    const { archive } = operator
    const { reader, id } = await begin(operator)
    await reader.leave()
    const sent: string[] = []
    for (let i = 0; i < AT_ONCE + 7; i++) sent.push(await send(archive))
    const late = await begin(operator, STREAM, { 'Last-Event-ID': id })
    const [sum, ...events] = await late.reader.take(AT_ONCE + 1)
    expect(sum?.data).toContain('… and 7 more')
    expect(wordsOf(events)).toEqual(sent.slice(7))
    await late.reader.leave()
    const again = await begin(operator, STREAM, { 'Last-Event-ID': String(sum?.id) })
    expect(wordsOf(await again.reader.take(AT_ONCE))).toEqual(sent.slice(7))
    await again.reader.leave()
  })

  it('keeps hostile content within its line and its event', async () => {
    const operator = await openConsole()
    const hostile = [
      'one\n\ndata: <script>alert(1)</script>\n\nid: 1\n\n',
      'a\r\rb\r\n\r\nevent: beat\r\rc\u2028d\u0085e\0',
      '</li></ul><img src=x onerror=alert(1)>',
      '\u202egpj.exe\ud800',
    ]
    const { reader } = await begin(operator)
    for (const [at, content] of hostile.entries()) {
      const fields = { msgUID: `h\n\n${at}`, fromUserId: content, content: JSON.stringify({ content }) }
      await deliverMessage(operator.archive, fields)
    }
    const events = await reader.take(hostile.length)
    await reader.leave()
    for (const { data } of events) {
      const line = raw(data)
      expectHarmless(line)
      expect(elementsIn(line).filter(({ name }) => name === 'li')).toHaveLength(1)
    }
  })

  it('lets twenty watch, and another one when one has gone', async () => {
    const operator = await openConsole()
    const others: Operator[] = []
    for (let i = 0; i < STREAMS / OF_SESSION; i++) others.push(await operatorOf(operator.archive))
    const watchers = others.flatMap((other) => Array.from({ length: OF_SESSION }, () => other))
    const watching = await Promise.all(watchers.slice(0, STREAMS).map((watcher) => begin(watcher)))
    const refused = await operator.get(STREAM)
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '2'])
    const sent = await send(operator.archive)
    for (const { reader } of watching) expect(wordsOf(await reader.take(1))).toEqual([sent])
    await watching[0]?.reader.leave()
    await expect.poll(() => isLetIn(operator)).toBe(true)
    // However they ended: none is counted for longer than it may last.
    operator.archive.clock.nowMs += 121_000
    const next = await begin(operator)
    for (const { reader } of [...watching.slice(1), next]) await reader.leave()
  })

  it('lets one session watch three times', async () => {
    const operator = await openConsole()
    const watching = await Promise.all(Array.from({ length: OF_SESSION }, () => begin(operator)))
    const refused = await operator.get(STREAM)
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '2'])
    expect(await refused.json()).toMatchObject({ message: 'this session is watching 3 times already' })
    expect(await isLetIn(await operatorOf(operator.archive))).toBe(true)
    await watching[0]?.reader.leave()
    await expect.poll(() => isLetIn(operator)).toBe(true)
    for (const { reader } of watching.slice(1)) await reader.leave()
  })

  it('is not opened by HEAD, which is answered as GET is', async () => {
    const { archive, cookie } = await openConsole()
    const head = () => archive.request(STREAM, { method: 'HEAD', headers: { Cookie: cookie } })
    for (let i = 0; i < 2 * OF_SESSION; i++) {
      const answer = await head()
      expect([answer.status, answer.headers.get('Content-Type'), answer.body]).toEqual([
        200,
        'text/event-stream',
        null,
      ])
    }
    expect((await archive.request(STREAM, { method: 'HEAD' })).status).toBe(303)
  })

  it.each(['its own operator signs out', 'its session is over'])('ends when %s', async (why) => {
    const operator = await openConsole()
    const { archive } = operator
    const almostOverMs = 12 * 3_600_000 - 5000
    if (why === 'its session is over') archive.clock.nowMs += almostOverMs
    const { reader } = await begin(operator)
    if (why !== 'its session is over') await operator.submit('/console/sign-out', {})
    archive.clock.nowMs += 11_000
    const sent = await send(archive)
    const events = await untilEnd(reader)
    expect(wordsOf(events.filter(({ type }) => type === 'message'))).toEqual([sent])
  })

  it.each([
    ['two minutes', 121_000],
    ['the clock was put back by days', -10 * 86_400_000],
  ])('ends after %s', async (_what, elapsedMs) => {
    const operator = await openConsole()
    const { reader } = await begin(operator)
    operator.archive.clock.nowMs += elapsedMs
    const sent = await send(operator.archive)
    const events = await untilEnd(reader)
    expect(wordsOf(events.filter(({ type }) => type === 'message'))).toEqual([sent])
  })

  it('is for who is signed in, and notes each connection before it shows anything', async () => {
    const admin = 'key-of-the-operator'
    const operator = await openConsole({ API_KEYS: `${SETTINGS.API_KEYS},operator:${admin}:admin` })
    const { archive } = operator
    expect((await archive.request(STREAM)).status).toBe(303)
    await operator.page('/console/live')
    const { reader } = await begin(operator, `${STREAM}?appKey=${APP.appKey}`)
    await reader.leave()
    const path = '/api/v1/console-accesses?action=live'
    const { items } = await getJson<{ items: { detail: string | null }[] }>(archive, path, admin)
    expect(items.map(({ detail }) => detail)).toEqual([`appKey=${APP.appKey}`, null])
    const signedIn = await operatorOf(archive)
    Object.assign(archive.store, { atomically: () => Promise.reject(new Error('the disk is full')) })
    expect((await signedIn.get(STREAM)).status).toBe(500)
  })

  it('refuses a position that is none by its name', async () => {
    const { get } = await openConsole()
    const wrong = await get(STREAM, { 'Last-Event-ID': 'x' })
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('Last-Event-ID')])
    expect((await get(`${STREAM}?after=x`)).status).toBe(422)
  })
})
