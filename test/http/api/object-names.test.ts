import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, get, getJson, memberToken, post } from '../../support/requests.ts'

type Page = { items: { objectName: string; messageCount: number }[]; next: string | null }

const PATH = '/api/v1/object-names'
const list = (archive: ArchiveUnderTest, query = '') => getJson<Page>(archive, `${PATH}?${query}`)
const namesOf = ({ items }: Page) => items.map(({ objectName }) => objectName)

describe('GET /api/v1/object-names', () => {
  it('tells of each type that is not known how often it came, when, and an example', async () => {
    const archive = await openArchive()
    const firstReceivedAtMs = archive.clock.nowMs
    await deliverMessage(archive, { msgUID: 'A', objectName: 'app:Order' })
    await deliverMessage(archive, { msgUID: 'T' })
    archive.clock.nowMs += 10
    await deliverMessage(archive, { msgUID: 'B', objectName: 'app:Order' })
    await deliverMessage(archive, { msgUID: 'C', objectName: 'RC:NewMsg' })
    const lastReceivedAtMs = archive.clock.nowMs
    const own = { appKey: APP.appKey, lastReceivedAtMs }
    expect(await list(archive)).toEqual({
      items: [
        {
          ...own,
          objectName: 'RC:NewMsg',
          msgType: null,
          reserved: true,
          messageCount: 1,
          firstReceivedAtMs: lastReceivedAtMs,
          exampleMsgUID: 'C',
        },
        {
          ...own,
          objectName: 'app:Order',
          msgType: null,
          reserved: false,
          messageCount: 2,
          firstReceivedAtMs,
          exampleMsgUID: 'B',
        },
      ],
      next: null,
    })
  })

  it('counts a message once, however often it is sent, and no conflict', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'A', objectName: 'app:Order' })
    archive.clock.nowMs += 10
    await deliverMessage(archive, { msgUID: 'A', objectName: 'app:Order' })
    await deliverMessage(archive, { msgUID: 'A', objectName: 'app:Order', content: 'another' })
    await deliverMessage(archive, { msgUID: 'A', objectName: 'app:Other', toUserId: 'shop_b' })
    expect((await list(archive)).items).toMatchObject([
      { objectName: 'app:Order', messageCount: 1, lastReceivedAtMs: archive.clock.nowMs - 10 },
    ])
  })

  it('counts every message when many arrive together', async () => {
    const archive = await openArchive()
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        deliverMessage(archive, {
          msgUID: `M${i % 20}`,
          objectName: 'app:Order',
          toUserId: `shop_${i % 20}`,
        }),
      ),
    )
    expect((await list(archive)).items).toMatchObject([{ messageCount: 20 }])
  })

  const wrapped = (
    archive: ArchiveUnderTest,
    msgUID: string,
    content: string,
    objectName = 'RC:IWNormalMsg',
  ) => deliverMessage(archive, { msgUID, objectName, content })

  it('names the types that a wrapper library carries by their msgType', async () => {
    const archive = await openArchive()
    await wrapped(archive, 'A', '{"msgType":"shop:Order","msgFields":{}}')
    archive.clock.nowMs += 10
    await wrapped(archive, 'B', '{"msgType":"shop:Order","msgFields":{}}')
    await wrapped(archive, 'B', '{"msgType":"shop:Order","msgFields":{}}')
    await wrapped(archive, 'B', '{"msgType":"shop:Conflict","msgFields":{}}')
    await wrapped(archive, 'C', '{"msgType":"订单","msgFields":"7"}', 'RC:IWStorageMsg')
    await wrapped(archive, 'D', '{"msgType":"shop:Order","msgFields":{}}', 'RC:IWStatusMsg')
    const own = { appKey: APP.appKey, reserved: false, lastReceivedAtMs: archive.clock.nowMs }
    expect((await list(archive)).items).toEqual([
      expect.objectContaining({ ...own, objectName: 'RC:IWStorageMsg', msgType: '订单', messageCount: 1 }),
      expect.objectContaining({
        ...own,
        objectName: 'RC:IWStatusMsg',
        msgType: 'shop:Order',
        messageCount: 1,
      }),
      {
        ...own,
        objectName: 'RC:IWNormalMsg',
        msgType: 'shop:Order',
        messageCount: 2,
        firstReceivedAtMs: archive.clock.nowMs - 10,
        exampleMsgUID: 'B',
      },
    ])
  })

  it('names none where a wrapper has no name, or one that is none', async () => {
    const archive = await openArchive()
    const contents = [
      '',
      'text',
      '{}',
      '{"msgType":7}',
      '{"msgType":" "}',
      '{"msgType":"a\\ud800"}',
      '{"msgType":"a\\u0000b"}',
      `{"msgType":"${'x'.repeat(129)}"}`,
      '{"msgType":"one","msgType":"other"}',
    ]
    for (const [i, content] of contents.entries()) await wrapped(archive, `M${i}`, content)
    expect((await list(archive)).items).toEqual([])
    expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: contents.map(() => ({})) })
  })

  it('counts what the back end writes as well', async () => {
    const archive = await openArchive({ CUSTOM_MESSAGE_TYPES: 'app:Order' })
    const written = { memberId: '1', sellerId: 'a', messageType: 'app:Order', cnt: '{}' }
    expect((await post(archive, '/chat-records/create', written)).status).toBe(200)
    expect(namesOf(await list(archive))).toEqual(['app:Order'])
  })

  it('keeps the profile that such a message carries, and none of a repeated one', async () => {
    const archive = await openArchive()
    const content = (name: string) => JSON.stringify({ user: { id: 'shop_a', name } })
    const fields = { fromUserId: 'shop_a', toUserId: 'u1', objectName: 'app:Order' }
    await deliverMessage(archive, { ...fields, content: content('Real') })
    await deliverMessage(archive, { ...fields, content: content('Forged') })
    const chats = await getJson(archive, '/chat-records/chat-list?memberId=1')
    expect(chats).toMatchObject([{ shop_name: 'Real' }])
  })

  it('pages, the newest type first, and narrows to an app', async () => {
    const archive = await openArchive()
    for (const [i, app] of [APP, OTHER_APP, APP, APP].entries()) {
      archive.clock.nowMs += i % 2
      await deliverMessage(archive, { msgUID: `M${i}`, objectName: `app:${i}` }, app)
    }
    const first = await list(archive, 'limit=3')
    const second = await list(archive, `limit=3&cursor=${first.next}`)
    const all = [...namesOf(first), ...namesOf(second)]
    expect(all[0]).toBe('app:3')
    expect(all.at(-1)).toBe('app:0')
    expect(new Set(all).size).toBe(4)
    expect(second.next).toBeNull()
    expect(namesOf(await list(archive, `appKey=${OTHER_APP.appKey}`))).toEqual(['app:1'])
  })

  it('pages through the types of one wrapper too', async () => {
    const archive = await openArchive()
    for (const name of ['a', 'b', 'c']) await wrapped(archive, name, `{"msgType":"${name}","msgFields":{}}`)
    const first = await getJson<{ items: { msgType: string }[]; next: string }>(archive, `${PATH}?limit=2`)
    const second = await getJson<typeof first>(archive, `${PATH}?limit=2&cursor=${first.next}`)
    expect([...first.items, ...second.items].map(({ msgType }) => msgType)).toEqual(['c', 'b', 'a'])
  })

  it('refuses what is wrong by name', async () => {
    const archive = await openArchive()
    for (const query of ['unknown=1', 'limit=501', 'cursor=x']) {
      const answer = await get(archive, `${PATH}?${query}`)
      expect([answer.status, await answer.json()]).toMatchObject([422, [{ field: query.split('=')[0] }]])
    }
  })

  it('is for API keys with the scope read', async () => {
    const archive = await openArchive()
    expect((await get(archive, PATH, KEYS.read)).status).toBe(200)
    expect((await get(archive, PATH, KEYS.write)).status).toBe(403)
    const token = bearer(await memberToken({ memberId: 1 }))
    expect((await archive.request(PATH, { headers: token })).status).toBe(403)
    expect((await archive.request(PATH)).status).toBe(401)
  })
})
