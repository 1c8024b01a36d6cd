import { describe, expect, it } from 'vitest'
import { keepAside, type KeptAside } from '../../../src/archive/deliveries.ts'
import { APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { deliverMessage, getJson, messageFields } from '../../support/requests.ts'
import { openConsole, type Operator } from './signed-in.ts'

const formOf = (fields: Record<string, string> = {}) => new URLSearchParams(messageFields(fields)).toString()

/** As a version before this one may have kept it: it reads well by now. */
async function keep(archive: ArchiveUnderTest, given: Partial<KeptAside> = {}): Promise<string> {
  const body = given.body ?? formOf()
  await keepAside(archive.store, {
    appKey: APP.appKey,
    kind: 'messages',
    reason: 'unreadable',
    detail: 'a field of it was not known then',
    query: '',
    contentType: null,
    bodyEncoding: 'utf8',
    bodySha256: `of ${body}`,
    remoteAddress: null,
    nonceReused: false,
    receivedAtMs: 1_734_595_200_000,
    ...given,
    body,
  })
  const { items } = await getJson<{ items: { id: number }[] }>(archive, '/api/v1/deliveries')
  return `/console/deliveries/${items[0]?.id}`
}

async function messagesIn({ archive }: Operator): Promise<number> {
  return (await getJson<{ items: unknown[] }>(archive, '/api/v1/messages')).items.length
}

describe('what was kept aside', () => {
  it('is listed with the reason, newest first, and narrows', async () => {
    const operator = await openConsole()
    await keep(operator.archive)
    await keep(operator.archive, { reason: 'conflict', body: 'b', detail: 'message 7 stays' })
    const all = await operator.page('/console/deliveries')
    expect(all.indexOf('message 7 stays')).toBeLessThan(all.indexOf('not known then'))
    const conflicts = await operator.page('/console/deliveries?reason=conflict&replayed=false')
    expect(conflicts).toContain('message 7 stays')
    expect(conflicts).not.toContain('not known then')
    expect(await operator.page('/console/deliveries?replayed=true')).toContain('There is nothing here.')
  })

  it('is shown whole, as text', async () => {
    const operator = await openConsole()
    const hostile = '</pre><script>alert(1)</script>\u0000'
    const path = await keep(operator.archive, {
      body: hostile,
      query: hostile,
      detail: hostile,
      kind: hostile,
    })
    for (const page of [await operator.page(path), await operator.page('/console/deliveries')]) {
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;␀')
      expect(page).not.toContain('<script>')
    }
    const long = await keep(operator.archive, { body: 'x'.repeat(30_000) })
    expect(await operator.page(long)).toContain('the first 20000 of 30000 characters')
  })

  it('is replayed only after one has seen what that does', async () => {
    const operator = await openConsole()
    const path = await keep(operator.archive)
    expect(await operator.page(path)).toContain('value="true">')
    const tried = await operator.submit(`${path}/replay`, { dryRun: 'true' })
    const text = await tried.text()
    expect([tried.status, await messagesIn(operator)]).toEqual([200, 0])
    expect(text).toContain('A replay would say: <b class="value"><bdi>archived</bdi></b>')
    expect(text).toContain('name="dryRun" value="false"')
    expect(text).toContain(`href="${path}?lang=zh"`)
    const done = await operator.submit(`${path}/replay`, { dryRun: 'false' })
    expect([done.status, done.headers.get('Location')]).toEqual([303, path])
    expect(await messagesIn(operator)).toBe(1)
    expect(await operator.page(path)).toContain('archived, 2024-12-20 08:00:00')
  })

  it('is not replayed without being told so', async () => {
    const operator = await openConsole()
    const path = await keep(operator.archive)
    expect((await operator.submit(`${path}/replay`, {})).status).toBe(200)
    expect((await operator.submit(`${path}/replay`, { dryRun: 'no' })).status).toBe(422)
    const foreign = { Origin: 'https://evil.example' }
    expect((await operator.submit(`${path}/replay`, { dryRun: 'false' }, foreign)).status).toBe(403)
    expect((await operator.get(`${path}/replay`)).status).toBe(405)
    expect(await messagesIn(operator)).toBe(0)
  })

  it('is noted whenever it is seen or replayed', async () => {
    const operator = await openConsole({ API_KEYS: 'root:key-of-the-back-end:read+admin' })
    const path = await keep(operator.archive)
    await operator.page('/console/deliveries?reason=unreadable')
    await operator.page(path)
    await operator.submit(`${path}/replay`, { dryRun: 'false' })
    const { items } = await getJson<{ items: object[] }>(operator.archive, '/api/v1/console-accesses?limit=3')
    const subjectId = Number(path.split('/').at(-1))
    expect(items).toMatchObject([
      { action: 'replay', subjectId, detail: 'dryRun=false' },
      { action: 'delivery', subjectId, detail: null },
      { action: 'deliveries', subjectId: null, detail: 'reason=unreadable' },
    ])
  })

  it('that is another text of a message is shown at it in both languages, and kept as an edit on demand', async () => {
    const operator = await openConsole()
    const { archive } = operator
    await deliverMessage(archive, { content: '{"content":"first words"}' })
    await deliverMessage(archive, { content: '{"content":"<b>second</b> words"}' })
    const { items } = await getJson<{ items: { id: number; otherTextOf: number }[] }>(
      archive,
      '/api/v1/deliveries',
    )
    const path = `/console/deliveries/${items[0]?.id}`
    const message = `/console/messages/${items[0]?.otherTextOf}`
    for (const place of [message, '/console/conversations/1']) {
      const page = await operator.page(place)
      expect(page).toMatch(new RegExp(`href="${path}"[^>]*>another text came under this msgUID`))
      expect(page).toContain('&lt;b&gt;second&lt;/b&gt; words')
      expect(await operator.page(place, { 'Accept-Language': 'zh' })).toContain('此 msgUID 下收到过另一内容')
    }
    expect(await operator.page(path)).toContain('name="as" value="edit"')
    expect((await operator.submit(`${path}/settle`, { as: 'nothing' })).status).toBe(422)
    const settled = await operator.submit(`${path}/settle`, { as: 'edit' })
    expect([settled.status, settled.headers.get('Location')]).toEqual([303, path])
    expect(await operator.page(path)).not.toContain('name="as"')
    const page = await operator.page(message)
    expect(page).not.toContain('another text came')
    expect(page).toMatch(/Original and earlier versions[^]*first words/)
    expect((await operator.submit('/console/deliveries/999/settle', { as: 'edit' })).status).toBe(404)
  })

  it('that is not there is not found', async () => {
    const operator = await openConsole()
    expect((await operator.get('/console/deliveries/999')).status).toBe(404)
    expect((await operator.submit('/console/deliveries/999/replay', {})).status).toBe(404)
  })
})
