import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import type { Statement } from '../../../src/archive/store.ts'
import { CONSOLE_PASSWORD, type ArchiveUnderTest } from '../../support/archive.ts'
import { openConsole, operatorOf, ORIGIN, signIn } from './signed-in.ts'

const HOUR_MS = 3_600_000

const pagesOf = ({ endpoints }: ArchiveUnderTest) =>
  endpoints
    .filter(({ access }) => access === 'operator')
    .map(({ method, path }) => ({ method, path: path.replaceAll(/:\w+/g, '1') }))

describe('the console', () => {
  it('is not there without a password', async () => {
    const archive = await openArchive({ CONSOLE_PASSWORD: '' })
    const paths = ['/console', '/console/sign-in', '/console/accesses', '/console/assets/console.css']
    const answers = await Promise.all(paths.map((path) => archive.request(path)))
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
    expect((await signIn(archive, '')).status).toBe(404)
  })

  it('leads whoever is not signed in to the sign-in page, and says nothing', async () => {
    const archive = await openArchive()
    const pages = pagesOf(archive)
    expect(pages.length).toBeGreaterThan(1)
    for (const { method, path } of pages) {
      const answer = await archive.request(path, { method, headers: { Origin: ORIGIN } })
      expect([path, answer.status, await answer.text()]).toEqual([path, 303, ''])
      expect(answer.headers.get('Location')).toMatch(/^\/console\/sign-in(\?|$)/)
      expect(answer.headers.get('Cache-Control')).toBe('no-store')
    }
  })

  it('does not take an API key for a session, nor a session for an API key', async () => {
    const { archive, cookie } = await openConsole({ API_KEYS: 'root:key-of-the-root-user:admin' })
    const withKey = await archive.request('/console/accesses', {
      headers: { Authorization: 'Bearer key-of-the-root-user' },
    })
    expect(withKey.status).toBe(303)
    const withCookie = await archive.request('/api/v1/messages', { headers: { Cookie: cookie } })
    expect(withCookie.status).toBe(401)
  })
})

describe('signing in', () => {
  it('takes no more of a stranger than a password needs', async () => {
    const archive = await openArchive()
    const refused = await signIn(archive, 'x'.repeat(17_000))
    expect([refused.status, await refused.text()]).toEqual([413, expect.stringContaining('16 KiB')])
    expect((await signIn(archive, 'x'.repeat(16_000))).status).toBe(401)
  })

  it('begins a session and goes on to the page that was asked for', async () => {
    const archive = await openArchive()
    const asked = await archive.request('/console/accesses?action=sign_in')
    const to = asked.headers.get('Location') ?? ''
    expect(await (await archive.request(to)).text()).toContain('value="/console/accesses?action=sign_in"')
    const answer = await signIn(archive, CONSOLE_PASSWORD, { next: '/console/accesses?action=sign_in' })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/console/accesses?action=sign_in'])
    const operator = await operatorOf(archive)
    expect((await operator.get('/console/accesses')).status).toBe(200)
  })

  it.each([
    'https://evil.example/',
    '//evil.example/console',
    '/\\evil.example/console',
    '/console/../docs',
    'javascript:alert(1)',
    '/consoles',
    'http://console.invalid@evil.example/console',
    '\r\nSet-Cookie: a=b',
    '/console/sign-in',
  ])('never goes on to %j', async (next) => {
    const answer = await signIn(await openArchive(), CONSOLE_PASSWORD, { next })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/console'])
  })

  it.each(['', 'wrong', `${CONSOLE_PASSWORD} `, CONSOLE_PASSWORD.toUpperCase()])(
    'takes no other password: %j',
    async (password) => {
      const answer = await signIn(await openArchive(), password, { headers: { 'Accept-Language': 'en' } })
      expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([401, null])
      const page = await answer.text()
      expect(page).toContain('This is not the password.')
      expect(password === '' || !page.includes(password)).toBe(true)
    },
  )

  it('keeps the password out of the log', async () => {
    const archive = await openArchive()
    await signIn(archive, 'nearly-the-password')
    expect(archive.logged.join('\n')).toContain('wrong console password')
    expect(archive.logged.join('\n')).not.toContain('nearly')
  })

  it('lets the cookie be read by no script and sent by no other site', async () => {
    const attributes = async (settings: Record<string, string>, headers = {}) => {
      const answer = await signIn(await openArchive(settings), CONSOLE_PASSWORD, { headers })
      const [pair = '', ...others] = answer.headers.getSetCookie()[0]?.split('; ') ?? []
      return [pair.split('=')[0], ...others.toSorted()]
    }
    const always = ['HttpOnly', 'Max-Age=43200']
    const plain = ['console_session', ...always, 'Path=/console', 'SameSite=Strict']
    expect(await attributes({})).toEqual(plain)
    // The name has browsers refuse it from any other host, and without TLS.
    const secure = ['__Host-console_session', ...always, 'Path=/', 'SameSite=Strict', 'Secure']
    const origin = { Origin: 'https://archive.example' }
    expect(await attributes({ PUBLIC_URL: 'https://archive.example' }, origin)).toEqual(secure)
    const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'archive.example', ...origin }
    expect(await attributes({ TRUSTED_PROXIES: '192.0.2.0/24' }, forwarded)).toEqual(secure)
  })
})

describe('a session', () => {
  it('ends after twelve hours, whatever the browser does', async () => {
    const { archive, get } = await openConsole()
    archive.clock.nowMs += 12 * HOUR_MS - 1
    expect((await get('/console/accesses')).status).toBe(200)
    archive.clock.nowMs += 1
    expect((await get('/console/accesses')).status).toBe(303)
  })

  it('is good for any isolate, until the password is another', async () => {
    const { cookie } = await openConsole()
    const statusAt = async (settings: Record<string, string>) => {
      const archive = await openArchive(settings)
      return (await archive.request('/console/accesses', { headers: { Cookie: cookie } })).status
    }
    expect(await statusAt({})).toBe(200)
    expect(await statusAt({ CONSOLE_PASSWORD: 'another-password' })).toBe(303)
  })

  it('cannot be forged or prolonged', async () => {
    const { archive, cookie } = await openConsole()
    const value = decodeURIComponent(cookie.replace('console_session=', ''))
    const [name = '', id = '', endsAtMs = '', signature = ''] = value.split('.')
    const forged = [
      `${name}.${id}.${Number(endsAtMs) + 1}.${signature}`,
      `${name}.x${id}.${endsAtMs}.${signature}`,
      `${id}.${endsAtMs}.${signature}`,
      `${name}.${id}.${endsAtMs}`,
      `${name}.${id}.${endsAtMs}.${'A'.repeat(43)}=`,
      `${name}.${id}.Infinity.${signature}`,
      `${name}..${endsAtMs}.${signature}`,
      '',
      '..',
    ]
    for (const given of forged) {
      const headers = { Cookie: `console_session=${encodeURIComponent(given)}` }
      expect((await archive.request('/console/accesses', { headers })).status).toBe(303)
    }
  })

  it('ends when its operator signs out', async () => {
    const operator = await openConsole()
    const answer = await operator.submit('/console/sign-out', {})
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/console/sign-in'])
    expect(answer.headers.get('Set-Cookie')).toMatch(/^console_session=; Max-Age=0; Path=\/console/)
    // Whoever has a copy of the cookie has nothing, at whatever isolate.
    expect((await operator.get('/console/accesses')).status).toBe(303)
    const again = await operatorOf(operator.archive)
    expect((await again.get('/console/accesses')).status).toBe(200)
    expect((await operator.get('/console/accesses')).status).toBe(303)
  })

  it('stays as it was when the end of it could not be written', async () => {
    const operator = await openConsole()
    const { store } = operator.archive
    const { atomically } = store
    const isOfSessions = ({ sql }: Statement) => sql.includes('revoked_sessions')
    Object.assign(store, {
      atomically: (statements: readonly Statement[]) =>
        statements.some(isOfSessions)
          ? Promise.reject(new Error('the disk is full'))
          : atomically(statements),
    })
    const answer = await operator.submit('/console/sign-out', {})
    expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([500, null])
    Object.assign(store, { atomically })
    expect((await operator.submit('/console/sign-out', {})).status).toBe(303)
  })

  it('takes no cookie of a plain connection over TLS', async () => {
    const { archive, cookie } = await openConsole({ TRUSTED_PROXIES: '192.0.2.10' })
    const overTls = { 'X-Forwarded-Proto': 'https', Cookie: cookie }
    expect((await archive.request('/console/accesses', { headers: overTls })).status).toBe(303)
  })

  it('is asked for by HEAD as by GET', async () => {
    const { archive, cookie } = await openConsole()
    const head = (headers: Record<string, string>) =>
      archive.request('/console/accesses', { method: 'HEAD', headers })
    expect((await head({ Cookie: cookie })).status).toBe(200)
    const away = await head({})
    expect([away.status, away.headers.get('Location')]).toEqual([
      303,
      '/console/sign-in?next=%2Fconsole%2Faccesses',
    ])
  })
})

describe('a form', () => {
  const FOREIGN: Record<string, Record<string, string>> = {
    'another site': { Origin: 'https://evil.example' },
    'another host of the same site': { Origin: 'http://other.localhost', 'Sec-Fetch-Site': 'same-site' },
    'a page without an origin': { Origin: 'null' },
    'another site that knows our address': { Origin: ORIGIN, 'Sec-Fetch-Site': 'cross-site' },
  }

  it.each(Object.entries(FOREIGN))('of %s is refused', async (_, headers) => {
    const operator = await openConsole()
    expect((await operator.submit('/console/sign-out', {}, headers)).status).toBe(403)
    expect((await signIn(operator.archive, CONSOLE_PASSWORD, { headers })).status).toBe(403)
  })

  it('that does not say where it comes from is refused', async () => {
    const { archive, cookie } = await openConsole()
    const init = { method: 'POST', headers: { Cookie: cookie } }
    expect((await archive.request('/console/sign-out', init)).status).toBe(403)
  })

  it('of our own page is taken, also where a proxy hides its address', async () => {
    const operator = await openConsole()
    const headers = { Origin: 'https://archive.example', 'Sec-Fetch-Site': 'same-origin' }
    expect((await operator.submit('/console/sign-out', {}, headers)).status).toBe(303)
  })
})
