import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { SCOPES } from '../../src/domain/scope.ts'
import { CONSOLE_PASSWORD, type ArchiveUnderTest } from '../support/archive.ts'
import { bearer, deliverMessage, get, memberToken, post, signedQuery } from '../support/requests.ts'
import { inTurn } from './chat-records/records.ts'
import { cookieOf, signIn } from './console/signed-in.ts'
import { ask, fill, nameOf, NAMES_GIVEN, type Credential } from './every-endpoint.ts'
import { COLUMNS, TABLE } from './permission-table.ts'

const KEYS = Object.fromEntries(
  SCOPES.map((scope) => [scope, { only: `key-with-${scope}-alone`, allBut: `key-with-all-but-${scope}` }]),
) as Record<(typeof SCOPES)[number], { only: string; allBut: string }>

const ORDINARY = SCOPES.filter((scope) => scope !== 'admin')

const API_KEYS = SCOPES.flatMap((scope) => [
  `only-${scope}:${KEYS[scope].only}:${scope}`,
  `but-${scope}:${KEYS[scope].allBut}:${ORDINARY.filter((other) => other !== scope).join('+')}`,
]).join(',')

describe('the table of permissions', () => {
  it('holds for every endpoint and every kind of credential', async () => {
    const archive = await openArchive({ API_KEYS })
    await fill(archive)
    const rows = await inTurn(archive.endpoints, async (endpoint) => [
      nameOf(endpoint),
      await statusesAt(archive, endpoint),
    ])
    expect(Object.fromEntries(rows)).toEqual(TABLE)
  })

  it('speaks of endpoints that there are', async () => {
    const names = new Set((await openArchive()).endpoints.map(nameOf))
    expect(NAMES_GIVEN.filter((name) => !names.has(name))).toEqual([])
  })
})

async function statusesAt(archive: ArchiveUnderTest, endpoint: ArchiveUnderTest['endpoints'][number]) {
  // From an address of its own each, as whoever tries many is slowed.
  const credentials = await credentialsFor(endpoint)
  const statuses = await inTurn(COLUMNS, async (column) => {
    archive.peer.address = `198.51.${archive.endpoints.indexOf(endpoint)}.${COLUMNS.indexOf(column)}`
    const answer = await ask(archive, endpoint, credentials[column])
    return `${answer.status}${sessionMark(answer)}`
  })
  return statuses
    .map((status) => status.padEnd(6))
    .join(' ')
    .trim()
}

function sessionMark({ headers }: Response): string {
  const cookie = headers.get('Set-Cookie')
  if (cookie === null) return ''
  return cookie.startsWith('console_session=;') ? '-' : '+'
}

async function credentialsFor({ access, path }: ArchiveUnderTest['endpoints'][number]) {
  const { only, allBut } = KEYS[typeof access === 'object' ? access.scope : 'admin']
  const headers = {
    none: {},
    wrong: bearer('nobodys-key'),
    expired: bearer(await memberToken({ memberId: 1, exp: Math.floor(Date.now() / 1000) - 3600 })),
    other: bearer(await memberToken({ memberId: 2 })),
    lacking: bearer(allBut),
    scoped: bearer(only),
    member: bearer(await memberToken({ memberId: 1 })),
    // Signing out ends the session for all that come after it.
    operator: { Cookie: await sessionOf(CONSOLE_PASSWORD, path === '/console/sign-out') },
    stale: { Cookie: await sessionOf('the-password-before') },
  }
  const queries = { signed: await signedQuery(), forged: (await signedQuery()).replace(/.$/, 'x') }
  const password = { headers: bearer(CONSOLE_PASSWORD), form: { password: CONSOLE_PASSWORD } }
  return Object.fromEntries<Credential>([
    ['password', password],
    ...Object.entries(headers).map(([column, own]) => [column, { headers: own }] as const),
    ...Object.entries(queries).map(([column, query]) => [column, { query }] as const),
  ])
}

const sessions = new Map<string, string>()

/** A session of the console with that password, begun once unless it has to be a session of its own. */
async function sessionOf(password: string, isOwn = false): Promise<string> {
  const known = isOwn ? undefined : sessions.get(password)
  if (known !== undefined) return known
  const cookie = cookieOf(await signIn(await openArchive({ CONSOLE_PASSWORD: password }), password))
  if (!isOwn) sessions.set(password, cookie)
  return cookie
}

describe('a member', () => {
  /** Status, headers and body, but for what the request itself said. */
  async function toldBy(answer: Response, asked: string) {
    const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
    const text = JSON.stringify([answer.status, headers, await answer.text()])
    return text.replaceAll(asked, '(asked)')
  }

  // Numbers that stand nowhere else in an answer.
  const FOREIGN = '7654321'
  const ABSENT = '7654399'

  /** Message, member and seller of that number, and a member 2 who has a message too. */
  async function fillWithForeign(archive: ArchiveUnderTest) {
    const sql = 'INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)'
    await archive.store.atomically([{ sql, params: ['messages', Number(FOREIGN) - 1] }])
    await deliverMessage(archive, { fromUserId: `u${FOREIGN}`, toUserId: `shop_${FOREIGN}` })
    await deliverMessage(archive, { fromUserId: 'u2', toUserId: 'shop_b', msgUID: 'own' })
    expect((await get(archive, `/api/v1/messages/${FOREIGN}`, KEYS.read.only)).status).toBe(200)
  }

  /** What member 2 may ask about a record, a member and a seller by name. */
  const QUESTIONS: Record<string, Question> = {
    'deleting a record by its id': (archive, headers, id) =>
      post(archive, '/chat-records/delete', { memberId: '2', id }, headers),
    'listing a record by its id': (archive, headers, id) =>
      archive.request(listOf({ memberId: '2', sellerId: 'b', id }), { headers }),
    'listing a seller whom another member talks to': (archive, headers, sellerId) =>
      archive.request(listOf({ memberId: '2', sellerId }), { headers }),
    'listing another member': (archive, headers, memberId) =>
      archive.request(listOf({ memberId, sellerId: FOREIGN }), { headers }),
    'the chats of another member': (archive, headers, memberId) =>
      archive.request(`/chat-records/chat-list?memberId=${memberId}`, { headers }),
    'a message by its id': (archive, headers, id) => archive.request(`/api/v1/messages/${id}`, { headers }),
    'a page of the console': (archive, headers, id) =>
      archive.request(`/console/messages/${id}`, { headers }),
    'deleting as another member': (archive, headers, memberId) =>
      post(archive, '/chat-records/delete', { memberId, id: FOREIGN }, headers),
  }

  it.each(Object.entries(QUESTIONS))('never learns of another’s record by %s', async (_what, question) => {
    const archive = await openArchive({ API_KEYS })
    await fillWithForeign(archive)
    const headers = bearer(await memberToken({ memberId: 2 }))
    const foreign = await question(archive, headers, FOREIGN)
    const absent = await question(archive, headers, ABSENT)
    expect(await toldBy(foreign, FOREIGN)).toBe(await toldBy(absent, ABSENT))
  })
})

type Question = (
  archive: ArchiveUnderTest,
  headers: Record<string, string>,
  asked: string,
) => Promise<Response>

function listOf(asked: Record<string, string>): string {
  return `/chat-records/list?${new URLSearchParams(asked).toString()}`
}
