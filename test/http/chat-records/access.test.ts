import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { bearer, deliverMessage, get, memberToken } from '../../support/requests.ts'
import { BAD_TOKENS, signedToken } from './bad-tokens.ts'
import { chatListPath, create, createdId, inTurn, list, listPath, remove } from './records.ts'

const OWN_ENDPOINTS = [
  'GET /chat-records/chat-list',
  'GET /chat-records/list',
  'POST /chat-records/create',
  'POST /chat-records/delete',
]

type Asked = ArchiveUnderTest['endpoints'][number]

const nameOf = ({ method, path }: Asked) => `${method} ${path}`

/** The status that an endpoint answers to an otherwise empty request with these headers. */
async function statusOf(archive: ArchiveUnderTest, { method, path }: Asked, headers: Record<string, string>) {
  const answer = await archive.request(path.replaceAll(/:\w+/g, '1'), { method, headers })
  return answer.status
}

async function statuses(
  archive: ArchiveUnderTest,
  endpoints: readonly Asked[],
  headers: Record<string, string>,
) {
  const found = await inTurn(endpoints, async (endpoint) => [
    nameOf(endpoint),
    await statusOf(archive, endpoint, headers),
  ])
  return Object.fromEntries(found) as Record<string, number>
}

const all = (endpoints: readonly Asked[], status: number) =>
  Object.fromEntries(endpoints.map((endpoint) => [nameOf(endpoint), status]))

/** What the four endpoints of chat-records answer when asked for member 1 and, to delete, the record 1. */
async function statusesForMemberOne(archive: ArchiveUnderTest, headers: Record<string, string>) {
  const answers = await Promise.all([
    archive.request(listPath(), { headers }),
    archive.request(chatListPath(), { headers }),
    create(archive, {}, headers),
    remove(archive, 1, {}, headers),
  ])
  return answers.map((answer) => answer.status)
}

describe('without a credential', () => {
  it('nothing opens but the public endpoints', async () => {
    const archive = await openArchive()
    const closed = archive.endpoints.filter(({ access }) => access !== 'public' && access !== 'operator')
    expect(closed.length).toBeGreaterThan(OWN_ENDPOINTS.length)
    expect(await statuses(archive, closed, {})).toEqual(all(closed, 401))
  })

  it('health, documentation, what callback addresses are for and the way into the console are public, and nothing else', async () => {
    const archive = await openArchive()
    const open = archive.endpoints.filter(({ access }) => access === 'public').map(nameOf)
    expect(open.filter((name) => !name.startsWith('GET /callbacks/')).toSorted()).toEqual([
      'GET /console/assets/:file',
      'GET /console/sign-in',
      'GET /docs',
      'GET /docs/:file',
      'GET /healthz',
      'GET /openapi.json',
      'GET /readyz',
      'POST /console/sign-in',
    ])
  })

  it('nothing is told about the request', async () => {
    const archive = await openArchive()
    const answer = await archive.request('/chat-records/list?memberId=x')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
    expect(await answer.json()).toStrictEqual({
      name: 'Unauthorized',
      message: expect.stringMatching(/\S/) as string,
      code: 0,
      status: 401,
    })
  })

  it('whoever brings anything but a whole key as a bearer finds nothing open', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const headers = [
      'Bearer ',
      KEYS.all,
      `Basic ${btoa(`back-end:${KEYS.all}`)}`,
      'Bearer nobody',
      `Bearer ${KEYS.all.slice(0, -1)}`,
      `Bearer ${KEYS.all}x`,
      `Bearer ${KEYS.all.toUpperCase()}`,
      `Bearer ${KEYS.all} ${KEYS.read}`,
      'Bearer back-end',
    ]
    const answers = await inTurn(headers, async (Authorization) => [
      Authorization,
      ...(await statusesForMemberOne(archive, { Authorization })),
    ])
    expect(answers).toEqual(headers.map((header) => [header, 401, 401, 401, 401]))
    expect((await list(archive)).meta.totalCount).toBe(1)
  })

  it('a key in the address opens nothing', async () => {
    const archive = await openArchive()
    const answer = await archive.request(listPath({ access_token: KEYS.all, 'access-token': KEYS.all }))
    expect(answer.status).toBe(401)
  })
})

describe('an API key', () => {
  const SCOPES = { read: KEYS.read, write: KEYS.write, delete: KEYS.delete, metrics: KEYS.metrics }

  it.each(Object.entries(SCOPES))(
    'with the scope %s alone opens what needs it and nothing else',
    async (own, key) => {
      const archive = await openArchive()
      const scoped = archive.endpoints.flatMap((endpoint) =>
        typeof endpoint.access === 'object' ? [{ endpoint, scope: endpoint.access.scope }] : [],
      )
      expect(scoped.map(({ scope }) => scope)).toContain(own)
      const endpoints = scoped.map(({ endpoint }) => endpoint)
      const found = await statuses(archive, endpoints, bearer(key))
      const refused = scoped.filter(({ endpoint }) => found[nameOf(endpoint)] === 403)
      expect(refused).toEqual(scoped.filter(({ scope }) => scope !== own))
      expect(Object.values(found)).not.toContain(401)
    },
  )

  it('with the scope admin opens everything', async () => {
    const archive = await openArchive({ API_KEYS: 'root:key-of-the-root-user:admin' })
    const scoped = archive.endpoints.filter(({ access }) => typeof access === 'object')
    const found = Object.values(await statuses(archive, scoped, bearer('key-of-the-root-user')))
    expect(found.filter((status) => status === 401 || status === 403)).toEqual([])
  })

  it('is none when none is configured', async () => {
    const archive = await openArchive({ API_KEYS: '' })
    const closed = archive.endpoints.filter(({ access }) => access !== 'public' && access !== 'operator')
    expect(await statuses(archive, closed, bearer(KEYS.all))).toEqual(all(closed, 401))
  })
})

describe('a member token', () => {
  it('opens the chat-records of its member', async () => {
    const archive = await openArchive()
    const headers = bearer(await memberToken({ memberId: 1 }))
    const id = await createdId(archive, {}, headers)
    expect((await list(archive, {}, await memberToken({ memberId: 1 }))).items).toMatchObject([{ id }])
    const chats = await archive.request(chatListPath(), { headers })
    expect(await chats.json()).toMatchObject([{ id }])
    expect((await remove(archive, id, {}, headers)).status).toBe(200)
    expect((await list(archive)).items).toEqual([])
  })

  it('is good for member 0, who is a member like any other', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { fromUserId: 'u0' })
    const token = await memberToken({ memberId: 0 })
    expect((await list(archive, { memberId: '0' }, token)).meta.totalCount).toBe(1)
    expect((await get(archive, listPath(), token)).status).toBe(403)
  })

  it('is worth nothing with a single thing wrong', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const answers = await inTurn(Object.entries(BAD_TOKENS), async ([why, make], i) => {
      // Each from elsewhere: whoever tries many is slowed.
      archive.peer.address = `198.51.100.${i}`
      return [why, ...(await statusesForMemberOne(archive, bearer(await make())))]
    })
    expect(answers).toEqual(Object.keys(BAD_TOKENS).map((why) => [why, 401, 401, 401, 401]))
    expect((await list(archive)).meta.totalCount).toBe(1)
  })

  it('says whose it is by the last of a claim that stands there twice', async () => {
    const archive = await openArchive()
    const token = await signedToken(
      '{"alg":"HS256","typ":"JWT"}',
      `{"exp":${Math.floor(Date.now() / 1000) + 3600},"appKey":"${APP.appKey}","memberId":1,"memberId":2}`,
    )
    const statusFor = async (memberId: string) => (await get(archive, listPath({ memberId }), token)).status
    expect([await statusFor('1'), await statusFor('2')]).toEqual([403, 200])
  })

  it('is worth nothing when no secret is configured', async () => {
    const archive = await openArchive({ MEMBER_TOKEN_SECRET: '' })
    const token = await memberToken({ memberId: 1 })
    expect(await statusesForMemberOne(archive, bearer(token))).toEqual([401, 401, 401, 401])
  })

  it('shows, writes and deletes nothing of another member', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const { items } = await list(archive)
    const headers = bearer(await memberToken({ memberId: 2 }))
    expect(await statusesForMemberOne(archive, headers)).toEqual([403, 403, 403, 403])
    // Under its own name it does not reach the record either.
    expect((await remove(archive, items[0]?.id ?? 0, { memberId: '2' }, headers)).status).toBe(404)
    expect((await list(archive)).items).toEqual(items)
  })

  it('cannot be talked round by a second memberId', async () => {
    const archive = await openArchive()
    await deliverMessage(archive)
    const headers = bearer(await memberToken({ memberId: 2 }))
    const asked = ['memberId=1&memberId=2', 'memberId=2&memberId=1']
    const answers = await inTurn(asked, async (ids) => {
      const answer = await archive.request(`/chat-records/list?${ids}&sellerId=a`, { headers })
      return [answer.status, (await answer.text()).includes('你好')]
    })
    expect(answers).toEqual([
      [200, false],
      [403, false],
    ])
    const body = 'memberId=2&memberId=1&sellerId=a&messageType=RC:TxtMsg&cnt=x'
    const init = {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    }
    const written = await archive.request('/chat-records/create?memberId=2', { ...init, body })
    expect(written.status).toBe(403)
    expect((await list(archive)).meta.totalCount).toBe(1)
  })

  it('writes as its member whatever sender says', async () => {
    const archive = await openArchive()
    const headers = bearer(await memberToken({ memberId: 1 }))
    await createdId(archive, { sender: 'seller' }, headers)
    expect((await list(archive)).items).toMatchObject([{ sender: 'member' }])
  })

  it('opens no other endpoint', async () => {
    const archive = await openArchive()
    const scoped = archive.endpoints.filter(({ access }) => typeof access === 'object')
    const own = scoped.filter(({ access }) => typeof access === 'object' && access.orMember)
    expect(own.map(nameOf).toSorted()).toEqual(OWN_ENDPOINTS)
    const others = scoped.filter((endpoint) => !own.includes(endpoint))
    expect(others.filter(({ path }) => path.startsWith('/api/v1/'))).not.toEqual([])
    const token = await memberToken({ memberId: 1, scope: 'admin', scopes: ['admin'] })
    expect(await statuses(archive, others, bearer(token))).toEqual(all(others, 403))
  })

  it('is good for the app that it names, in whatever order the apps are', async () => {
    const archive = await openArchive()
    await deliverMessage(archive, { msgUID: 'first' })
    await deliverMessage(archive, { msgUID: 'other' }, OTHER_APP)
    const other = { appKey: OTHER_APP.appKey }
    const plain = await memberToken({ memberId: 1 })
    expect((await list(archive, {}, plain)).items).toMatchObject([{ msg_uid: 'first' }])
    expect((await get(archive, listPath(other), plain)).status).toBe(403)
    expect((await create(archive, other, bearer(plain))).status).toBe(403)
    const elsewhere = await memberToken({ memberId: 1, ...other })
    expect((await list(archive, other, elsewhere)).items).toMatchObject([{ msg_uid: 'other' }])
    expect((await get(archive, listPath({ appKey: 'uwd1c0sxdlx2' }), elsewhere)).status).toBe(403)
    expect((await create(archive, other, bearer(elsewhere))).status).toBe(200)
    const reordered = await openArchive({
      RONGCLOUD_APPS: `${OTHER_APP.appKey}:${OTHER_APP.secret},${APP.appKey}:${APP.secret}`,
    })
    expect((await get(reordered, listPath(), plain)).status).toBe(403)
    expect((await get(reordered, listPath({ appKey: APP.appKey }), plain)).status).toBe(200)
  })

  const messageFor = async (archive: ArchiveUnderTest, claims: Record<string, unknown>, secret?: string) => {
    const answer = await get(archive, listPath(), await memberToken({ memberId: 1, ...claims }, secret))
    return [answer.status, ((await answer.json()) as { message?: string }).message]
  }
  const UNKNOWN = [401, 'the credential is unknown or has expired']

  it('need not name the app where there is one', async () => {
    const none = { appKey: undefined }
    const archive = await openArchive({ RONGCLOUD_APPS: `${APP.appKey}:${APP.secret}` })
    expect(await messageFor(archive, none)).toEqual([200, undefined])
    const several = await openArchive()
    expect(await messageFor(several, none)).toEqual([401, "the token's claim appKey is required"])
    // Whoever cannot sign does not even learn that there are several.
    const forged = 'another-secret-of-at-least-32-bytes'
    expect(await messageFor(several, none, forged)).toEqual(UNKNOWN)
  })

  it('lasts a year at most', async () => {
    const archive = await openArchive()
    const inDays = (days: number) => ({ exp: Math.floor(Date.now() / 1000) + days * 86_400 })
    expect(await messageFor(archive, inDays(365.9))).toEqual([200, undefined])
    const tooLong = [401, "the token's claim exp is more than 366 days ahead"]
    expect(await messageFor(archive, inDays(366.1))).toEqual(tooLong)
    expect(await messageFor(archive, { exp: Date.now() })).toEqual(tooLong)
    const noNumber = [401, "the token's claim exp is required, as a number"]
    expect(await messageFor(archive, { exp: null })).toEqual(noNumber)
    expect(await messageFor(archive, { exp: String(Date.now()) })).toEqual(noNumber)
  })
})
