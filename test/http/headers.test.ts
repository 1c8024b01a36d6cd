import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { ArchiveUnderTest } from '../support/archive.ts'
import { bearer, deliverMessage, get, getJson, signedQuery } from '../support/requests.ts'
import { inTurn } from './chat-records/records.ts'
import { openConsole, operatorOf } from './console/signed-in.ts'
import { ask, fill, nameOf } from './every-endpoint.ts'

/** What is missing of the headers that keep an answer from being framed, run or taken for something else. */
function missingOf({ headers }: Response): string[] {
  const policy = headers.get('Content-Security-Policy') ?? ''
  const wanted: Record<string, boolean> = {
    nosniff: headers.get('X-Content-Type-Options') === 'nosniff',
    'default-src': policy.includes("default-src 'none'"),
    'frame-ancestors': policy.includes("frame-ancestors 'none'"),
    'no script in the markup': !/script-src[^;]*(unsafe|\*|data:|https?:)/.test(policy),
    'frame options': headers.get('X-Frame-Options') === 'SAMEORIGIN',
    'referrer policy': ['no-referrer', 'same-origin'].includes(headers.get('Referrer-Policy') ?? ''),
    'request id': /^[\w.-]+$/.test(headers.get('X-Request-Id') ?? ''),
    'no word about us': headers.get('X-Powered-By') === null && headers.get('Server') === null,
  }
  return Object.keys(wanted).filter((name) => !wanted[name])
}

/** One answer of every status that each endpoint and an unknown address have. */
async function answersOf(archive: ArchiveUnderTest) {
  const { cookie } = await operatorOf(archive)
  const methods = ['DELETE', 'HEAD', 'OPTIONS', 'PATCH']
  const ways = [
    {},
    { headers: bearer('nobody') },
    { headers: { ...bearer('key-of-the-root-user'), Cookie: cookie } },
    { headers: { ...bearer('key-of-the-root-user'), Cookie: cookie, 'HX-Request': 'true' } },
    {
      headers: { ...bearer('key-of-the-root-user'), Cookie: cookie },
      query: 'limit=x&page=x&id=x&unheard=of',
    },
    { headers: { 'Content-Length': '2000000' }, query: await signedQuery() },
    { query: await signedQuery() },
  ]
  const nowhere = { method: 'GET' as const, path: '/nothing/here' }
  return inTurn(
    [...archive.endpoints, nowhere, { ...nowhere, path: '/console/nothing' }],
    async (endpoint, i) => {
      archive.peer.address = `198.51.100.${i}`
      const asked = await inTurn(ways, (way) => ask(archive, endpoint, way))
      const path = endpoint.path.replaceAll(/:\w+/g, '987654')
      const others = await inTurn(methods, (method) => archive.request(path, { method }))
      const absent = await archive.request(path, {
        headers: { ...bearer('key-of-the-root-user'), Cookie: cookie },
      })
      return [...asked, ...others, absent].map((answer) => ({
        what: `${nameOf(endpoint)} ${answer.status}`,
        answer,
      }))
    },
  )
}

describe('every answer of every endpoint', () => {
  it('can be neither framed nor run nor taken for something else, and says its name', async () => {
    const archive = await openArchive({ API_KEYS: 'root:key-of-the-root-user:admin' })
    await fill(archive)
    const answers = (await answersOf(archive)).flat()
    const statuses = new Set(answers.map(({ answer }) => answer.status))
    expect([200, 303, 401, 404, 405, 413, 422].filter((status) => !statuses.has(status))).toEqual([])
    const bare = answers.flatMap(({ what, answer }) => {
      const missing = missingOf(answer)
      return missing.length > 0 ? [`${what}: ${missing.join(', ')}`] : []
    })
    expect(bare).toEqual([])
  })

  it('is JSON unless it is meant to be something else', async () => {
    const archive = await openArchive({ API_KEYS: 'root:key-of-the-root-user:admin' })
    await fill(archive)
    const { cookie } = await operatorOf(archive)
    const headers = { ...bearer('key-of-the-root-user'), Cookie: cookie }
    const types = await inTurn(archive.endpoints, async (endpoint) => {
      const answer = await ask(archive, endpoint, { headers })
      return [endpoint.path, answer.headers.get('Content-Type')?.split(';')[0]]
    })
    const own = (path: string) => /^\/(console|docs|metrics|callbacks)/.test(path)
    expect(
      types.filter(([path, type]) => !own(path ?? '') && !/^application\/(json|x-ndjson)$/.test(type ?? '')),
    ).toEqual([])
    const pages = types.filter(
      ([path, type]) => type === 'text/html' && !/^\/(console|docs)/.test(path ?? ''),
    )
    expect(pages).toEqual([])
  })
})

const HOSTILE: Record<string, string> = {
  HTML: '<!doctype html><h1>hi</h1><iframe src="https://evil.example">',
  script: '</script><script>alert(1)</script>',
  'a link of script': '{"content":"javascript:alert(1)","url":"javascript:alert(1)"}',
  'bidi marks': '\u202egpj.exe\u2066\u2067\u2068\u2069',
  'a hundred thousand combining marks': `a${'\u0301'.repeat(100_000)}`,
  NUL: 'a\u0000b\u0000',
  'NUL as JSON has it': String.raw`{"content":"a\u0000b"}`,
  'lone surrogates as JSON has them': String.raw`{"content":"\ud800a\udc00"}`,
  'control characters': '\u0001\u0008\u001b[31m\u007f\u0085',
  'separators of lines': 'a\u2028b\u2029c',
  'a UTF-7 page': '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  'no characters at all': '\ufffe\uffff\u{1fffe}',
}

describe('content that holds', () => {
  it.each(Object.entries(HOSTILE))('%s is stored as it is and served as data', async (_what, content) => {
    const { archive, get: open } = await openConsole()
    const fields = { content, fromUserId: 'u1', msgUID: '<b>uid</b>' }
    expect((await deliverMessage(archive, fields)).status).toBe(200)
    expect(await getJson(archive, '/api/v1/messages/1')).toMatchObject({ content, msgUID: '<b>uid</b>' })
    const data = await inTurn(
      ['/api/v1/messages', '/api/v1/changes', '/chat-records/list?memberId=1&sellerId=a'],
      (path) => get(archive, path),
    )
    for (const answer of data) {
      expect(answer.headers.get('Content-Type')).toMatch(/^application\/json(; charset=UTF-8)?$/i)
      expect(missingOf(answer)).toEqual([])
    }
    const page = await open('/console/messages/1')
    expect(missingOf(page)).toEqual([])
    expect(await page.text()).not.toMatch(/<script>alert|<iframe|href="javascript:|<b>uid/)
    const file = await open('/console/messages/1/content')
    expect(file.headers.get('Content-Disposition')).toMatch(/^attachment/)
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.arrayBuffer())).toBe(content)
  })
})
