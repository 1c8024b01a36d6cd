import { describe, expect, it } from 'vitest'
import { APP, OTHER_APP } from '../../support/archive.ts'
import { deliverMessage, getJson } from '../../support/requests.ts'
import { openConsole, type Operator } from './signed-in.ts'

const HOSTILE = '</bdi><script>alert(1)</script>"\u202e'

/** What stands in the list, one text for each conversation. */
async function listed({ page }: Operator, query = ''): Promise<string[]> {
  const text = await page(`/console${query}`)
  return text
    .split('<li>')
    .filter((part) => part.includes('/console/conversations/'))
    .map((part) =>
      part
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
}

const at = (second: number) => String(1_734_595_200_000 + second * 1000)

describe('the list of conversations', () => {
  it('has the newest first, with last message, count, kind, app and sides', async () => {
    const operator = await openConsole()
    await deliverMessage(operator.archive, { msgUID: '1', msgTimestamp: at(1) })
    await deliverMessage(operator.archive, {
      msgUID: '2',
      msgTimestamp: at(3),
      content: '{"content":"再见"}',
    })
    const group = { channelType: 'GROUP', toUserId: 'g1', objectName: 'RC:CmdMsg', content: '{}' }
    await deliverMessage(operator.archive, { msgUID: '3', msgTimestamp: at(2), ...group })
    const [first, second, third] = await listed(operator)
    expect(first).toContain(
      'shop_a and u1 2024-12-19 16:00:03 u1: 再见 one to one · 2 messages · member 1, seller a',
    )
    expect(first).toContain('uwd1c0sxdlx2')
    expect(second).toContain('g1 2024-12-19 16:00:02 u1: [Command] group · 1 message ·')
    expect(third).toBeUndefined()
  })

  it('shows names where they are known, as text', async () => {
    const operator = await openConsole()
    const content = JSON.stringify({ content: HOSTILE, user: { id: 'u1', name: HOSTILE } })
    await deliverMessage(operator.archive, { content, toUserId: 'shop_<b>' })
    const text = await operator.page('/console')
    expect(text).toContain('&lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;‹U+202E›')
    expect(text).toContain('shop_&lt;b&gt;')
    expect(text).not.toMatch(/<script>|\u202e/)
  })

  it('narrows by app, kind, user and target, and says so in its form', async () => {
    const operator = await openConsole()
    const group = { channelType: 'GROUP', toUserId: 'g1' }
    await deliverMessage(operator.archive, { msgUID: '1' })
    await deliverMessage(operator.archive, { msgUID: '2', fromUserId: 'u2', ...group })
    await deliverMessage(operator.archive, { msgUID: '3', fromUserId: 'u3' }, OTHER_APP)
    const filters = ['appKey=other-app', 'channelType=GROUP', 'userId=u1', 'targetId=g1', 'userId=nobody']
    const counts: number[] = []
    for (const filter of filters) counts.push((await listed(operator, `?${filter}`)).length)
    expect(counts).toEqual([1, 1, 1, 1, 0])
    const text = await operator.page('/console?channelType=GROUP&userId=%22%3E%3Cb%3E')
    expect(text).toContain('<option value="GROUP" selected')
    expect(text).toContain('value="&quot;&gt;&lt;b&gt;"')
  })

  it('offers no choice of apps where there is one, and counts the filters that are folded away', async () => {
    const one = await openConsole({ RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}` })
    const text = await one.page('/console?userId=u1&targetId=g1')
    expect(text).not.toContain('name="appKey"')
    expect(text).toContain('<summary>Filters (2)</summary>')
    expect(await one.page('/console?appKey=gone')).toContain('<option value="gone" selected')
    expect(await (await openConsole()).page('/console')).toContain('name="appKey"')
  })

  it('goes on for as many pages as it takes, and keeps the filter', async () => {
    const operator = await openConsole()
    for (let i = 0; i < 60; i++) {
      const group = { channelType: 'GROUP', toUserId: `g${i}` }
      await deliverMessage(operator.archive, { msgUID: String(i), msgTimestamp: at(i), ...group })
    }
    const first = await operator.page('/console?channelType=GROUP&lang=en')
    const [, older = ''] = /href="(\/console\?[^"]*cursor=[^"]+)">Older/.exec(first) ?? []
    expect(older).toContain('channelType=GROUP')
    expect(older).not.toContain('lang=')
    const query = older.replaceAll('&amp;', '&').replace('/console', '')
    expect([(await listed(operator)).length, (await listed(operator, query)).length]).toEqual([50, 10])
  })

  it('is noted in the access log with its filters', async () => {
    const { archive, page } = await openConsole({ API_KEYS: 'root:key-of-the-root-user:admin' })
    await page('/console?userId=u1&lang=en')
    const { items } = await getJson<{ items: unknown[] }>(
      archive,
      '/api/v1/console-accesses',
      'key-of-the-root-user',
    )
    expect(items[0]).toMatchObject({ action: 'conversations', subjectId: null, detail: 'userId=u1' })
  })
})
