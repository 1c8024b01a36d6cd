import { openArchive } from '#open-archive'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import { describe, expect, it } from 'vitest'
import { createIdentify } from '../../src/http/principal.ts'
import {
  APP,
  CONSOLE_PASSWORD,
  KEYS,
  MEMBER_TOKEN_SECRET,
  OTHER_APP,
  type ArchiveUnderTest,
} from '../support/archive.ts'
import { hashing } from '../support/hashing.ts'
import { bearer, deliver, memberToken, signedQuery } from '../support/requests.ts'
import { inTurn } from './chat-records/records.ts'
import { cookieOf, signIn } from './console/signed-in.ts'
import { ask, fill } from './every-endpoint.ts'

const GUESSES = { key: 'a-key-that-somebody-mistyped', password: 'a-password-that-somebody-mistyped' }

const SECRETS = [
  APP.secret,
  OTHER_APP.secret,
  ...Object.values(KEYS),
  'key-of-the-root-user',
  MEMBER_TOKEN_SECRET,
  CONSOLE_PASSWORD,
  ...Object.values(GUESSES),
]

const SETTINGS = { API_KEYS: `root:key-of-the-root-user:admin,back-end:${KEYS.all}:read+write+delete` }

/** All that an answer tells anybody, and its status. */
async function toldBy(answer: Response): Promise<string> {
  // An export breaks off when its store does.
  const body = answer.headers.get('Content-Type')?.startsWith('text/event-stream')
    ? ''
    : await answer.text().catch(String)
  return JSON.stringify([answer.status, [...answer.headers], body])
}

/** `sent` are secrets of its own; `signatures` came in queries, which an answer may hand back to whoever asked. */
type Said = { told: string[]; sent: string[]; signatures: string[] }

const signatureOf = (query: string) => new URLSearchParams(query).get('signature') ?? ''

/** What every endpoint answers with every credential, with what is wrong in the query and with what is not. */
async function allAnswers(archive: ArchiveUnderTest): Promise<Said> {
  const token = await memberToken({ memberId: 1 })
  const cookie = cookieOf(await signIn(archive))
  await signIn(archive, GUESSES.password)
  const credentials = [
    {},
    bearer('key-of-the-root-user'),
    bearer(KEYS.all),
    bearer(GUESSES.key),
    bearer(token),
    { Cookie: cookie },
  ]
  const signed = await signedQuery()
  const queries = ['', 'limit=x&page=x&id=x&after=x&unheard=of', signed]
  const answers = await inTurn(archive.endpoints, async (endpoint, i) => {
    archive.peer.address = `198.51.100.${i}`
    const requests = credentials.flatMap((headers) => queries.map((query) => ({ headers, query })))
    return inTurn(requests, async (given) => toldBy(await ask(archive, endpoint, given)))
  })
  const sent = [token, decodeURIComponent(cookie).split('=')[1] ?? '']
  return { told: answers.flat(), sent, signatures: [signatureOf(signed)] }
}

const foundIn = (texts: readonly string[], secrets: readonly string[]) =>
  texts.filter((text) => secrets.some((secret) => text.includes(secret)))

describe('no secret', () => {
  it('is in any answer of any endpoint, nor in the log', async () => {
    const archive = await openArchive(SETTINGS)
    const [old, kept] = [await signedQuery(), await signedQuery()]
    // As an older version kept it; of the next one the query is kept now.
    await deliver(archive, 'what is no message either')
    await archive.store.atomically([{ sql: 'UPDATE deliveries SET query = ?', params: [old] }])
    await deliver(archive, 'nor is this', { query: kept })
    await fill(archive)
    const { told, sent, signatures } = await allAnswers(archive)
    sent.push(signatureOf(old), signatureOf(kept))
    expect(told.join()).toContain(kept.replace(signatureOf(kept), ''))
    expect(told.length).toBeGreaterThan(1000)
    for (const status of [200, 303, 401, 403, 422])
      expect(told.some((text) => text.startsWith(`[${status},`))).toBe(true)
    expect(foundIn(told, [...SECRETS, ...sent])).toEqual([])
    expect(archive.logged).not.toEqual([])
    expect(foundIn(archive.logged, [...SECRETS, ...sent, ...signatures])).toEqual([])
  })

  it('is in what is told and logged of failures', async () => {
    const archive = await openArchive(SETTINGS)
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as drivers do, with what they were given
    const fail = (...given: unknown[]) => Promise.reject(new Error('SQLITE_ODD', { cause: { given } }))
    Object.assign(archive.store, { db: drizzle(fail), replica: drizzle(fail), atomically: fail })
    const { told, sent, signatures } = await allAnswers(archive)
    expect(told.some((text) => text.startsWith('[500,'))).toBe(true)
    expect(foundIn(told, [...SECRETS, ...sent])).toEqual([])
    expect(archive.logged.length).toBeGreaterThan(50)
    expect(foundIn(archive.logged, [...SECRETS, ...sent, ...signatures])).toEqual([])
  })
})

describe('an API key', () => {
  it('is compared by its hash alone, which takes as long for a near miss as for a far one', async () => {
    const apiKeys = [{ name: 'one', key: 'the-key', scopes: ['read' as const] }]
    const settings = { apiKeys, memberTokenSecret: null, apps: [] }
    const identify = createIdentify(settings, hashing)
    expect(await identify('the-key')).toMatchObject({ kind: 'key', name: 'one' })
    expect(await identify('the-kez')).toMatchObject({ kind: 'refusal', isGuess: true })
    // Whatever hashes to the same is the same: nothing else is looked at.
    const blind = createIdentify(settings, { sha256: () => 'one hash for all' })
    expect(await blind('anything')).toMatchObject({ name: 'one' })
  })
})
