import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, getJson, memberToken, post } from '../../support/requests.ts'
import { chatList, create, createdId, inTurn, list, type Item } from './records.ts'

type Failure = { result: string; message: string; errors?: { field: string; message: string }[] }

const PATH = '/chat-records/create'

/** Content that fits its type, for each of the eleven of the contract. */
const FITTING = [
  ['RC:TxtMsg', '{"content":"你好"}'],
  ['RC:ImgMsg', '{"content":"/9j/4AAQ","imageUri":"https://x.example/a.jpg"}'],
  ['RC:VcMsg', '{"content":"IyFBTVIK","duration":3}'],
  [
    'RC:ImgTextMsg',
    '{"title":"T","content":"S","imageUri":"https://x.example/1.png","url":"https://x.example/1"}',
  ],
  ['RC:LBSMsg', '{"content":"/9j/4AAQ","latitude":39.9,"longitude":116.3,"poi":"北京"}'],
  ['RC:ContactNtf', '{"operation":"Request","sourceUserId":"u1","targetUserId":"u2","message":"hi"}'],
  ['RC:InfoNtf', '{"message":"你已添加了对方"}'],
  ['RC:ProfileNtf', '{"operation":"Update","data":"{}"}'],
  ['RC:CmdNtf', '{"name":"AtPerson","data":"{}"}'],
  ['RC:HsMsg', '{}'],
  ['RC:SpMsg', '{}'],
] as const

/** Without the members that official senders leave out (protocol §15.3). */
const AS_SDKS_SEND = [
  ['RC:ReferenceMsg', '{"content":"re","referMsgUserId":"u1","referMsg":{"content":"orig"}}'],
  ['RC:FileMsg', '{"size":"18204","fileUrl":"https://x.example/q"}'],
  ['RC:GIFMsg', '{"gifDataSize":34563,"remoteUrl":"https://x.example/x.gif","width":480,"height":270}'],
  ['RC:SightMsg', '{"sightUrl":"https://x.example/v.mp4","content":"/9j/4AAQ","duration":"9"}'],
  ['RC:GrpNtf', '{"operatorUserId":"u1","operation":"Quit"}'],
  ['RC:ReadNtf', '{"lastMessageSendTime":"1734595200"}'],
  ['RC:LBSMsg', '{"content":null,"latitude":39.9,"longitude":116.3,"poi":"北京"}'],
  ['RC:RcNtf', '{"mOperatorId":"u1","mOriginalObjectName":"RC:TxtMsg","user":[]}'],
  ['RC:TxtMsg', '{"content":"hi","user":[],"mentionedInfo":[],"extra":null}'],
  ['RC:IWNormalMsg', '{"msgType":"shop:Order","msgFields":{"order":"7"}}'],
  ['RC:IWCmdMsg', '{"msgType":"shop:Refresh","msgFields":[]}'],
] as const

const NOT_FITTING = [
  ['RC:IWNormalMsg', '{"msgFields":{}}'],
  ['RC:FileMsg', '{"name":"a.pdf","size":1}'],
  ['RC:ImgMsg', 'hello'],
  ['RC:ImgMsg', '{}'],
  ['RC:ImgMsg', '["a"]'],
  ['RC:VcMsg', '{"content":"IyFBTVIK","duration":"long"}'],
  ['RC:LBSMsg', '{"content":"x","latitude":"39.9N","longitude":1,"poi":"x"}'],
  ['RC:TxtMsg', '{"text":"x"}'],
  ['RC:TxtMsg', '{"content":5}'],
  ['RC:InfoNtf', '{"content":"x"}'],
  ['RC:HsMsg', 'hello'],
] as const

/** `[status, result, fields]` of an answer that must be the error shape of create. */
async function failureOf(answer: Response) {
  const body = (await answer.json()) as Failure
  expect(Object.keys(body).toSorted()).toEqual(
    ['result', 'message', ...(body.errors ? ['errors'] : [])].toSorted(),
  )
  expect(body.message).toMatch(/\S/)
  for (const error of body.errors ?? [])
    expect(error).toStrictEqual({ field: error.field, message: expect.stringMatching(/\S/) as string })
  return [answer.status, body.result, body.errors?.map(({ field }) => field)]
}

async function onlyItem(archive: ArchiveUnderTest): Promise<Item> {
  const { items } = await list(archive)
  expect(items).toHaveLength(1)
  return items[0] as Item
}

describe('a created record', () => {
  it('is answered with its id', async () => {
    const archive = await openArchive()
    const answer = await create(archive)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toStrictEqual({
      result: 'success',
      message: expect.stringMatching(/\S/) as string,
      id: (await onlyItem(archive)).id,
    })
  })

  it('is read back by list and chat-list', async () => {
    const archive = await openArchive()
    const id = await createdId(archive)
    const record = {
      id,
      seller_id: 'a',
      member_id: 1,
      addtime: '2024-12-20 08:00:00',
      cnt: '{"content":"hi"}',
      messageType: 'RC:TxtMsg',
    }
    const { msg_uid, ...item } = await onlyItem(archive)
    expect(item).toStrictEqual({ ...record, sender: 'member', recalled: false })
    expect(msg_uid).not.toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    expect(await chatList(archive)).toStrictEqual([{ ...record, shop_name: null, logo: null }])
  })

  it.each([
    ['member', 'u1', 'shop_a'],
    ['seller', 'shop_a', 'u1'],
  ])('is a message of the archive, sent by the %s', async (sender, fromUserId, targetId) => {
    const archive = await openArchive()
    const id = await createdId(archive, { sender })
    expect((await onlyItem(archive)).sender).toBe(sender)
    expect(await getJson(archive, `/api/v1/messages/${id}`)).toMatchObject({
      id,
      appKey: 'uwd1c0sxdlx2',
      channelType: 'PERSON',
      fromUserId,
      targetId,
      objectName: 'RC:TxtMsg',
      content: '{"content":"hi"}',
      sentAtMs: archive.clock.nowMs,
      receivedAtMs: archive.clock.nowMs,
      origin: 'rest',
    })
  })

  it('is of the member unless sender says otherwise', async () => {
    const archive = await openArchive()
    await createdId(archive, { sender: '' })
    expect((await onlyItem(archive)).sender).toBe('member')
  })

  it('is a new one every time', async () => {
    const archive = await openArchive()
    const ids = await inTurn([1, 2, 3], () => createdId(archive))
    expect((await list(archive)).items.map((item) => item.id)).toEqual(ids.toReversed())
  })

  it('is of the app that appKey names', async () => {
    const archive = await openArchive()
    await createdId(archive, { appKey: OTHER_APP.appKey })
    expect((await list(archive)).items).toEqual([])
    expect((await list(archive, { appKey: OTHER_APP.appKey })).items).toHaveLength(1)
  })
})

describe('the body of create', () => {
  const given = {
    sellerId: '店+ &',
    messageType: 'RC:TxtMsg',
    cnt: '{"content":"a+b & 你好 100%"}',
    sender: 'seller',
  }
  const asked = { sellerId: given.sellerId }
  const expected = { member_id: 1, seller_id: given.sellerId, cnt: given.cnt, sender: 'seller' }

  it('may be a form', async () => {
    const archive = await openArchive()
    await createdId(archive, given)
    expect((await list(archive, asked)).items).toMatchObject([expected])
  })

  it.each([1, '1'])('may be JSON, with memberId %o', async (memberId) => {
    const archive = await openArchive()
    const answer = await post(archive, PATH, JSON.stringify({ ...given, memberId }, null, 2))
    expect(answer.status).toBe(200)
    expect((await list(archive, asked)).items).toMatchObject([expected])
  })

  it('may be multipart', async () => {
    const archive = await openArchive()
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...given, memberId: '1' })) body.set(name, value)
    const answer = await archive.request(PATH, { method: 'POST', headers: bearer(KEYS.all), body })
    expect(answer.status).toBe(200)
    expect((await list(archive, asked)).items).toMatchObject([expected])
  })

  it('is refused when it is broken JSON, or a list', async () => {
    const archive = await openArchive()
    const bodies = ['{', '{"memberId":1,', '[1', '{"memberId":1}}', '[]']
    const failures = await inTurn(bodies, async (body) => failureOf(await post(archive, PATH, body)))
    expect(failures).toEqual(bodies.map(() => [422, 'error', ['body']]))
  })

  it('is refused when it is broken multipart', async () => {
    const archive = await openArchive()
    const types = ['multipart/form-data', 'multipart/form-data; boundary=x']
    const failures = await inTurn(types, async (type) => {
      const headers = { ...bearer(KEYS.all), 'Content-Type': type }
      return failureOf(await archive.request(PATH, { method: 'POST', headers, body: '--y\r\n' }))
    })
    expect(failures).toEqual(types.map(() => [422, 'error', ['body']]))
  })

  it('that names nothing misses every field', async () => {
    const archive = await openArchive()
    const bodies = ['', '{}', '""', '5', 'null']
    const failures = await inTurn(bodies, async (body) => failureOf(await post(archive, PATH, body)))
    const required = ['memberId', 'sellerId', 'messageType', 'cnt']
    expect(failures).toEqual(bodies.map(() => [422, 'error', required]))
  })

  it('is refused beyond 1 MiB, in whatever form', async () => {
    const archive = await openArchive()
    const types = ['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data; boundary=x']
    const failures = await inTurn(types, async (type) => {
      const headers = { ...bearer(KEYS.all), 'Content-Type': type }
      const body = ' '.repeat(1024 * 1024 + 1)
      return failureOf(await archive.request(PATH, { method: 'POST', headers, body }))
    })
    expect(failures).toEqual(types.map(() => [413, 'error', undefined]))
  })

  it('has every wrong field named', async () => {
    const archive = await openArchive()
    const wrong = {
      memberId: [1],
      sellerId: '',
      messageType: 7,
      cnt: { content: 'x' },
      sender: 'shop',
      appKey: 5,
    }
    const answer = await post(archive, PATH, JSON.stringify(wrong))
    expect(await failureOf(answer)).toEqual([422, 'error', Object.keys(wrong)])
  })
})

describe('the content of a created record', () => {
  it('is the JSON object of its type', async () => {
    const archive = await openArchive()
    await inTurn(FITTING, ([messageType, cnt]) => createdId(archive, { messageType, cnt }))
    const { items } = await list(archive)
    expect(items.map(({ messageType, cnt }) => [messageType, cnt])).toEqual(FITTING.toReversed())
  })

  it('need not have what official senders leave out', async () => {
    const archive = await openArchive()
    for (const [messageType, cnt] of AS_SDKS_SEND) {
      const answer = await post(archive, PATH, { memberId: '1', sellerId: 'a', messageType, cnt })
      expect([messageType, answer.status]).toEqual([messageType, 200])
    }
  })

  it('is plain text just as well for RC:TxtMsg and RC:InfoNtf', async () => {
    const archive = await openArchive()
    const cnt = ' 你好, "friend"\r\n& 100% [x] '
    await createdId(archive, { messageType: 'RC:TxtMsg', cnt })
    await createdId(archive, { messageType: 'RC:InfoNtf', cnt })
    expect((await list(archive)).items.map((item) => item.cnt)).toEqual([cnt, cnt])
  })

  it('is kept as given, to the last blank', async () => {
    const archive = await openArchive()
    const cnt = String.raw`{ "z":12345678901234567890, "content" : "\u4f60\/" ,"a":1.0 }` + '\n'
    await createdId(archive, { cnt })
    expect((await onlyItem(archive)).cnt).toBe(cnt)
  })

  it('must fit its type', async () => {
    const archive = await openArchive()
    const failures = await inTurn(NOT_FITTING, async ([messageType, cnt]) => {
      const failure = await failureOf(await create(archive, { messageType, cnt }))
      return [messageType, cnt, ...failure]
    })
    expect(failures).toEqual(NOT_FITTING.map(([type, cnt]) => [type, cnt, 422, 'error', ['cnt']]))
    expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: [] })
  })
})

describe('the type of a created record', () => {
  it('cannot be one that is no known RC type', async () => {
    const archive = await openArchive({ CUSTOM_MESSAGE_TYPES: 'app:gift' })
    const types = ['RC:FromTheFuture', 'RC:txtmsg', 'app:order', 'TxtMsg', 'RCJrmf:RpMsg', 'constructor']
    const failures = await inTurn(types, async (messageType) =>
      failureOf(await create(archive, { messageType })),
    )
    expect(failures).toEqual(types.map(() => [422, 'error', ['messageType']]))
    expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: [] })
  })

  it('can be one of CUSTOM_MESSAGE_TYPES, with any content', async () => {
    const archive = await openArchive({ CUSTOM_MESSAGE_TYPES: 'app:gift, app:order' })
    await createdId(archive, { messageType: 'app:order', cnt: '<order 5>' })
    expect(await onlyItem(archive)).toMatchObject({ messageType: 'app:order', cnt: '<order 5>' })
  })

  it('can be a signalling type, which list shows when asked', async () => {
    const archive = await openArchive()
    const id = await createdId(archive, { messageType: 'RC:CmdMsg', cnt: '{"name":"x","data":""}' })
    expect((await list(archive)).items).toEqual([])
    expect((await list(archive, { messageType: 'RC:CmdMsg' })).items).toMatchObject([{ id }])
  })
})

describe('create refuses', () => {
  it('an app that is not configured', async () => {
    const archive = await openArchive()
    expect(await failureOf(await create(archive, { appKey: 'mistyped' }))).toEqual([422, 'error', ['appKey']])
    expect(await getJson(archive, '/api/v1/messages')).toMatchObject({ items: [] })
  })

  it('a seller whose user id would read as a member', async () => {
    const archive = await openArchive({ MEMBER_USER_ID: '{id}', SELLER_USER_ID: '{id}' })
    expect(await failureOf(await create(archive, { sellerId: '42' }))).toEqual([422, 'error', ['sellerId']])
    expect(await createdId(archive, { sellerId: '042' })).toBeGreaterThan(0)
  })

  it.each([
    [401, {}],
    [401, bearer('nobody')],
    [403, bearer(KEYS.read)],
    [403, bearer(KEYS.delete)],
  ])('with %i, in its own shape, whoever may not write', async (status, headers) => {
    const archive = await openArchive()
    expect(await failureOf(await create(archive, {}, headers))).toEqual([status, 'error', undefined])
  })

  it('a member token of another member, in its own shape', async () => {
    const archive = await openArchive()
    const token = await memberToken({ memberId: 2 })
    expect(await failureOf(await create(archive, {}, bearer(token)))).toEqual([403, 'error', undefined])
  })
})
