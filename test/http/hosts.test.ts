/** Whom a request says that it called, and what answers make of it. */
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { KEYS, type ArchiveUnderTest } from '../support/archive.ts'
import { bearer, getJson } from '../support/requests.ts'
import { inTurn, listPath, type ListAnswer } from './chat-records/records.ts'
import { operatorOf, signIn, submit } from './console/signed-in.ts'
import { ask, fill, nameOf } from './every-endpoint.ts'

const ADMIN = 'key-that-may-do-all'
const FORGED = {
  Host: 'evil.example',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7',
  'X-Original-Host': 'evil.example',
  Forwarded: 'host=evil.example;proto=https',
}

/** The same archive, asked by clients that call it so. */
function called(host: string, archive: ArchiveUnderTest, more: Record<string, string> = {}) {
  const request: ArchiveUnderTest['request'] = (path, init) =>
    archive.request(`http://${host}${path}`, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), Host: host, ...more },
    })
  return { ...archive, request }
}

/** All that an answer tells, but for its body where that never ends. */
async function toldBy(answer: Response) {
  const isStream = answer.headers.get('Content-Type')?.startsWith('text/event-stream')
  return JSON.stringify([...answer.headers]) + (isStream ? '' : await answer.text())
}

describe('a host that is not ours', () => {
  it.each([
    ['nobody', {}],
    ['an API key', bearer(ADMIN)],
    ['an operator', {}],
  ])('is in no answer of any endpoint to %s', async (who, credential) => {
    const archive = await openArchive({ API_KEYS: `root:${ADMIN}:admin`, TRUSTED_PROXIES: '198.51.100.1' })
    await fill(archive)
    const isLast = ({ path }: { path: string }) => Number(path === '/console/sign-out')
    const endpoints = archive.endpoints.toSorted((one, other) => isLast(one) - isLast(other))
    const cookie = who === 'an operator' ? { Cookie: (await operatorOf(archive)).cookie } : {}
    const headers = { ...credential, ...cookie, 'Sec-Fetch-Site': 'same-origin' }
    const evil = called('evil.example', archive, FORGED)
    const told = await inTurn(endpoints, async (endpoint) => {
      const answer = await ask(evil, endpoint, { headers })
      return [nameOf(endpoint), (await toldBy(answer)).includes('evil')]
    })
    expect(told).toEqual(endpoints.map((endpoint) => [nameOf(endpoint), false]))
    for (const path of ['/nothing', '/console/nothing', '/healthz/'])
      expect(await toldBy(await archive.request(path, { headers: FORGED }))).not.toContain('evil.example')
  })

  it('makes links begin at the path', async () => {
    const archive = await openArchive()
    await fill(archive)
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '127evil.example',
    ]) {
      const answer = await called(host, archive, FORGED).request(listPath(), { headers: bearer(KEYS.all) })
      const { _links: links } = (await answer.json()) as ListAnswer
      expect(links['self']?.href).toBe('/chat-records/list?memberId=1&sellerId=a&page=1')
      expect(answer.headers.get('Link')).toContain(`<${links['last']?.href}>; rel=last`)
    }
  })
})

describe('links name the host', () => {
  const selfAt = async (host: string, settings: Record<string, string> = {}, more = {}) => {
    const archive = await openArchive(settings)
    const { _links: links } = await getJson<ListAnswer>(called(host, archive, more), listPath())
    return links['self']?.href.replace(/\?.*/, '')
  }

  it.each(['localhost', 'localhost:3000', 'archive.localhost', '127.0.0.1:3000', '[::1]:3000'])(
    'when it is this machine: %s',
    async (host) => expect(await selfAt(host)).toBe(`http://${host}/chat-records/list`),
  )

  it('when PUBLIC_URL does, or a trusted proxy', async () => {
    const settings = { PUBLIC_URL: 'https://archive.example/a' }
    expect(await selfAt('evil.example', settings)).toBe('https://archive.example/a/chat-records/list')
    const forwarded = { 'X-Forwarded-Host': 'archive.example', 'X-Forwarded-Proto': 'https' }
    const self = await selfAt('evil.example', { TRUSTED_PROXIES: '192.0.2.10' }, forwarded)
    expect(self).toBe('https://archive.example/chat-records/list')
  })
})

describe('a form of our own page is taken', () => {
  it.each([
    [
      'without PUBLIC_URL, at whatever address we are called',
      'archive.lan:3000',
      {},
      'http://archive.lan:3000',
    ],
    ['with it', '10.0.0.7:3000', { PUBLIC_URL: 'https://archive.example' }, 'https://archive.example'],
  ])('%s, by a browser that tells its origin alone', async (_when, host, settings, origin) => {
    const archive = called(host, await openArchive(settings))
    expect((await signIn(archive, undefined, { headers: { Origin: origin } })).status).toBe(303)
    const foreign = { Origin: 'http://evil.example' }
    expect((await signIn(archive, undefined, { headers: foreign })).status).toBe(403)
    expect((await submit(archive, '/console/sign-in', { password: 'x' }, foreign)).status).toBe(403)
  })
})
