import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { bearer, deliverMessage, get, getJson, memberToken, post } from '../support/requests.ts'
import { signedToken } from './chat-records/bad-tokens.ts'
import { openConsole } from './console/signed-in.ts'

const LARGEST = '9223372036854775807'

/** No double is exact for all of them: two neighbours become the same one. */
const LONG_IDS = [
  '9007199254740992',
  '9007199254740993',
  '1970072392013557230',
  '1970072392013557231',
  '9223372036854775806',
  LARGEST,
] as const

const [, ODD, SNOWFLAKE, NEXT_SNOWFLAKE] = LONG_IDS

/** Each member writes one message to the same seller, whose `msgUID` is the member's id. */
async function eachWrites(
  archive: ArchiveUnderTest,
  ids: readonly string[] = LONG_IDS,
  userIds: { member: string; seller: string } = { member: 'u{id}', seller: 'shop_a' },
): Promise<void> {
  for (const id of ids) {
    const fromUserId = userIds.member.replace('{id}', id)
    const content = JSON.stringify({ content: `hello from ${id}` })
    await deliverMessage(archive, { msgUID: id, fromUserId, toUserId: userIds.seller, content })
  }
}

type Item = { id: number; seller_id: string; member_id: unknown; msg_uid: string; cnt: string }
type Messages = { items: { msgUID: string; fromUserId: string }[] }

async function list(archive: ArchiveUnderTest, memberId: string, more = '', credential?: string) {
  const path = `/chat-records/list?memberId=${memberId}&sellerId=a${more}`
  return (await getJson<{ items: Item[] }>(archive, path, credential)).items
}

const chatList = (archive: ArchiveUnderTest, memberId: string, more = '') =>
  getJson<Item[]>(archive, `/chat-records/chat-list?memberId=${memberId}${more}`)

async function exported(archive: ArchiveUnderTest, query: string): Promise<string> {
  const answer = await get(archive, `/api/v1/export?${query}`)
  expect(answer.status).toBe(200)
  return new TextDecoder().decode(await answer.arrayBuffer())
}

const inOneHour = () => Math.floor(Date.now() / 1000) + 3600

/** A token whose claim is written so, to the character. */
const tokenOf = (memberId: string) =>
  signedToken(
    '{"alg":"HS256","typ":"JWT"}',
    `{"memberId":${memberId},"appKey":"${APP.appKey}","exp":${inOneHour()}}`,
  )

describe('members whose ids differ in the last of many digits', () => {
  it.each([
    ['u{id}', 'shop_{id}', 'shop_a'],
    ['{id}', '{id}', 'a'],
    ['{id}@app', '{id}', 'a'],
  ])('have chats of their own when user ids are %s and %s', async (member, template, seller) => {
    const archive = await openArchive({ MEMBER_USER_ID: member, SELLER_USER_ID: template })
    await eachWrites(archive, LONG_IDS, { member, seller })
    for (const id of LONG_IDS) {
      const own = { member_id: id, seller_id: 'a' }
      expect(await list(archive, id)).toMatchObject([{ ...own, msg_uid: id, sender: 'member' }])
      expect(await chatList(archive, id)).toMatchObject([own])
    }
  })

  it('write and delete by ids that JSON holds as numbers, forms as text', async () => {
    const archive = await openArchive()
    const written: Item[] = []
    for (const id of LONG_IDS) {
      const json = `{"memberId":${id},"sellerId":"a","messageType":"RC:TxtMsg","cnt":"by number"}`
      expect((await post(archive, '/chat-records/create', json)).status).toBe(200)
      const form = { memberId: id, sellerId: 'a', messageType: 'RC:TxtMsg', cnt: 'by text' }
      expect((await post(archive, '/chat-records/create', form)).status).toBe(200)
      const items = await list(archive, id)
      expect(items.map(({ cnt }) => cnt).toSorted()).toEqual(['by number', 'by text'])
      written.push(...items)
    }
    const [first, second] = written.filter(({ member_id }) => member_id === SNOWFLAKE)
    const remove = (body: string | Record<string, string>) => post(archive, '/chat-records/delete', body)
    expect((await remove(`{"memberId":${NEXT_SNOWFLAKE},"id":${first?.id}}`)).status).toBe(404)
    expect((await remove(`{"memberId":${SNOWFLAKE},"id":${first?.id}}`)).status).toBe(200)
    expect((await remove({ memberId: SNOWFLAKE, id: String(second?.id) })).status).toBe(200)
    expect(await list(archive, SNOWFLAKE)).toEqual([])
    expect(await list(archive, NEXT_SNOWFLAKE)).toHaveLength(2)
  })

  it('are told apart by tokens, whose claim is a number or text', async () => {
    const archive = await openArchive()
    await eachWrites(archive)
    for (const id of LONG_IDS)
      for (const token of [await tokenOf(id), await memberToken({ memberId: id })]) {
        expect(await list(archive, id, '', token)).toMatchObject([{ msg_uid: id }])
        const others = LONG_IDS.filter((other) => other !== id).map((other) =>
          get(archive, `/chat-records/chat-list?memberId=${other}`, token),
        )
        for (const answer of await Promise.all(others)) expect(answer.status).toBe(403)
      }
  })

  it('keep their Idempotency-Keys, whatever their token writes them as', async () => {
    const archive = await openArchive()
    for (const id of ['1', SNOWFLAKE]) {
      const ids: unknown[] = []
      for (const claim of [id, `"${id}"`]) {
        const headers = { ...bearer(await tokenOf(claim)), 'Idempotency-Key': 'once' }
        const body = { memberId: id, sellerId: 'a', messageType: 'RC:TxtMsg', cnt: 'hi' }
        ids.push(await (await post(archive, '/chat-records/create', body, headers)).json())
      }
      expect(ids[1]).toEqual(ids[0])
      expect(await list(archive, id)).toHaveLength(1)
    }
  })

  it('are found and exported one by one', async () => {
    const archive = await openArchive()
    await eachWrites(archive)
    for (const id of LONG_IDS) {
      const found = await getJson<Messages>(archive, `/api/v1/search?q=hello&memberId=${id}`)
      expect(found.items.map(({ msgUID }) => msgUID)).toEqual([id])
      const pair = `memberId=${id}&sellerId=a`
      const lines = (await exported(archive, pair)).split('\n').slice(0, 2)
      expect(lines[0]).toBe(`{"type":"export","version":1,"filter":{"memberId":"${id}","sellerId":"a"}}`)
      expect(JSON.parse(lines[1] ?? '')).toMatchObject({ msgUID: id, fromUserId: `u${id}` })
      for (const format of ['csv', 'html']) {
        const file = await exported(archive, `${pair}&format=${format}`)
        const named = LONG_IDS.filter((each) => file.includes(`hello from ${each}`))
        expect([format, named]).toEqual([format, [id]])
      }
    }
  })

  it('are who they are as users and in conversations', async () => {
    const archive = await openArchive()
    await eachWrites(archive)
    for (const id of LONG_IDS)
      expect(await getJson(archive, `/api/v1/users/u${id}`)).toMatchObject({
        role: 'member',
        memberId: id,
        sellerId: null,
      })
    const { items } = await getJson<{ items: { memberId: string }[] }>(archive, '/api/v1/conversations')
    expect(items.map(({ memberId }) => memberId).toSorted()).toEqual(LONG_IDS.toSorted())
  })

  it('are shown to the last digit in the console, and looked for so', async () => {
    const { archive, get: open } = await openConsole()
    await eachWrites(archive)
    const page = await (await open('/console')).text()
    for (const id of LONG_IDS) expect(page).toMatch(new RegExp(`member ${id}\\b`, 'i'))
    const found = await (await open(`/console/search?q=hello&memberId=${ODD}`)).text()
    expect(found).toMatch(new RegExp(`name="memberId"[^>]*value="${ODD}"|value="${ODD}"[^>]*name="memberId"`))
    const messages = LONG_IDS.map((_, i) => `message=${i + 1}#`).filter((link) => found.includes(link))
    expect(messages).toEqual([`message=${LONG_IDS.indexOf(ODD) + 1}#`])
    const wrong = await (await open('/console/search?q=hello&memberId=9223372036854775808')).text()
    expect(wrong).toContain('up to 9223372036854775807')
  })
})

describe('a user id', () => {
  it.each(['9223372036854775808', '19700723920135572301', '01970072392013557230', '-1'])(
    'that is no number up to 2^63 - 1 is a seller where sellers may be named so: %s',
    async (userId) => {
      const archive = await openArchive({ MEMBER_USER_ID: '{id}', SELLER_USER_ID: '{id}' })
      await deliverMessage(archive, { msgUID: 'M', fromUserId: SNOWFLAKE, toUserId: userId })
      expect(await getJson(archive, `/api/v1/users/${userId}`)).toMatchObject({ role: 'seller' })
      expect(await chatList(archive, SNOWFLAKE)).toMatchObject([{ member_id: SNOWFLAKE, seller_id: userId }])
    },
  )
})

describe('a memberId', () => {
  const REFUSED = [
    '-1',
    '9223372036854775808',
    '99999999999999999999',
    '1970072392013557230.0',
    '1e18',
    '1.5',
  ]
  const problem = (field: string) => ({ field, message: expect.stringContaining(LARGEST) as string })

  it.each([...REFUSED, '', '+1', '0x1', ' 1'])(
    'that is none is refused wherever it is asked for: %j',
    async (id) => {
      const archive = await openArchive()
      const memberId = encodeURIComponent(id)
      const paths = [
        `/chat-records/list?memberId=${memberId}&sellerId=a`,
        `/chat-records/chat-list?memberId=${memberId}`,
        // Left empty, these mean any member.
        ...(id === ''
          ? []
          : [`/api/v1/search?q=x&memberId=${memberId}`, `/api/v1/export?memberId=${memberId}&sellerId=a`]),
      ]
      for (const path of paths) {
        const answer = await get(archive, path)
        expect([path, answer.status, await answer.json()]).toEqual([path, 422, [problem('memberId')]])
      }
    },
  )

  it.each(REFUSED)('that is none is refused in a body, as a number and as text: %s', async (id) => {
    const archive = await openArchive()
    for (const written of [id, `"${id}"`])
      for (const [name, rest] of [
        ['create', '"sellerId":"a","messageType":"RC:TxtMsg","cnt":"hi"'],
        ['delete', '"id":1'],
      ]) {
        const answer = await post(archive, `/chat-records/${name}`, `{"memberId":${written},${rest}}`)
        expect(answer.status).toBe(422)
        expect(await answer.json()).toMatchObject({ result: 'error', errors: [problem('memberId')] })
      }
  })

  it.each(['1970072392013557230', '[1970072392013557230]', '{"a":1970072392013557230}', 'null', 'true'])(
    'is the only field of a body that takes a long number, and takes nothing else: %s',
    async (value) => {
      const archive = await openArchive()
      const body = (memberId: string, others: string) =>
        `{"memberId":${memberId},"sellerId":${others},"messageType":${others},"cnt":${others},"appKey":${others}}`
      const fieldsOf = async (json: string) => {
        const answer = await post(archive, '/chat-records/create', json)
        expect(answer.status).toBe(422)
        return ((await answer.json()) as { errors: { field: string }[] }).errors.map(({ field }) => field)
      }
      const others = ['appKey', 'cnt', 'messageType', 'sellerId']
      const isId = value === SNOWFLAKE
      expect((await fieldsOf(body(value, value))).toSorted()).toEqual(
        isId ? others : [...others, 'memberId'].toSorted(),
      )
    },
  )

  it('may have zeros in front', async () => {
    const archive = await openArchive()
    await eachWrites(archive, ['7', SNOWFLAKE])
    for (const id of ['7', SNOWFLAKE])
      expect(await list(archive, `000000000000000000000${id}`)).toMatchObject([{ msg_uid: id }])
  })
})

describe('member ids in answers', () => {
  const SAFE = '9007199254740991'
  const IDS = ['0', '7', SAFE, '9007199254740992', LARGEST]
  const asNumbers = [0, 7, Number(SAFE), '9007199254740992', LARGEST]

  /** By list, chat-list, users, and conversations, of which there are one page and one by one. */
  async function given(archive: ArchiveUnderTest, more = '') {
    const ids = await Promise.all(
      IDS.map(async (id) => {
        const [listed] = await list(archive, id, `&${more}`)
        const [line] = await chatList(archive, id, `&${more}`)
        const user = await getJson(archive, `/api/v1/users/u${id}?${more}`)
        const page = await getJson<{ items: { id: number; memberId: unknown }[] }>(
          archive,
          `/api/v1/conversations?userId=u${id}&${more}`,
        )
        const one = await getJson(archive, `/api/v1/conversations/${page.items[0]?.id}?${more}`)
        expect([typeof listed?.id, typeof line?.id]).toEqual(['number', 'number'])
        return [listed?.member_id, line?.member_id, user.memberId, page.items[0]?.memberId, one.memberId]
      }),
    )
    for (const ofOne of ids) expect(new Set(ofOne).size).toBe(1)
    return ids.map(([id]) => id)
  }

  it('are numbers while every reader takes them exactly, else strings, unless strings are asked for', async () => {
    const archive = await openArchive()
    await eachWrites(archive, IDS)
    expect(await given(archive)).toEqual(asNumbers)
    expect(await given(archive, 'idsAs=number')).toEqual(asNumbers)
    expect(await given(archive, 'idsAs=')).toEqual(asNumbers)
    expect(await given(archive, 'idsAs=string')).toEqual(IDS)
  })

  it('are strings by IDS_AS=string, unless numbers are asked for', async () => {
    const archive = await openArchive({ IDS_AS: 'string' })
    await eachWrites(archive, IDS)
    expect(await given(archive)).toEqual(IDS)
    expect(await given(archive, 'idsAs=number')).toEqual(asNumbers)
  })

  it('are null where there is no member, whatever idsAs says', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { fromUserId: 'system', toUserId: 'shop_a' })
    const { items } = await getJson<{ items: object[] }>(archive, '/api/v1/conversations?idsAs=string')
    expect(items).toMatchObject([{ memberId: null }])
    expect(await getJson(archive, '/api/v1/users/shop_a?idsAs=string')).toMatchObject({ memberId: null })
  })

  it.each(['numbers', 'String', 'bigint'])('are given in no third way: %s', async (way) => {
    const archive = await openArchive()
    for (const path of [
      '/chat-records/list?memberId=1&sellerId=a',
      '/chat-records/chat-list?memberId=1',
      '/api/v1/conversations?limit=1',
      '/api/v1/conversations/1?',
      '/api/v1/users/u1?',
    ]) {
      const answer = await get(archive, `${path}&idsAs=${way}`, KEYS.read)
      expect([path, answer.status, await answer.json()]).toMatchObject([path, 422, [{ field: 'idsAs' }]])
    }
  })

  it('keep idsAs in the links to other pages', async () => {
    const archive = await openArchive()
    await eachWrites(archive, [SNOWFLAKE])
    const { _links: links } = await getJson<{ _links: Record<string, { href: string }> }>(
      archive,
      `/chat-records/list?memberId=${SNOWFLAKE}&sellerId=a&idsAs=string`,
    )
    for (const { href } of Object.values(links))
      expect(href).toMatch(new RegExp(`memberId=${SNOWFLAKE}&sellerId=a&idsAs=string`))
  })
})
