/** Passwords that are tried, and whom that holds up. */
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { createBrake } from '../../../src/http/brake.ts'
import { createIsRight } from '../../../src/http/console/passwords.ts'
import { LONGEST_WAIT_MS, takeTurn, triesOf } from '../../../src/http/console/sign-in-brake.ts'
import { CONSOLE_PASSWORD, type ArchiveUnderTest } from '../../support/archive.ts'
import { signIn } from './signed-in.ts'

const DAY_MS = 86_400_000
const BROWSER = /\b(?:__Host-)?console_browser=[^;]+/

/** Wrong passwords, all at once; what they are answered. One that waits for its turn does so for at most three seconds. */
async function guess(archive: ArchiveUnderTest, count: number, headers: Record<string, string> = {}) {
  const answers = await Promise.all(
    Array.from({ length: count }, () => signIn(archive, 'wrong', { headers })),
  )
  return answers.map(({ status }) => status).toSorted((one, other) => one - other)
}

const statusOf = async (archive: ArchiveUnderTest, headers: Record<string, string> = {}) =>
  (await signIn(archive, CONSOLE_PASSWORD, { headers })).status

/** Of a browser that somebody has signed in with. */
async function knownBrowser(archive: ArchiveUnderTest) {
  const cookies = (await signIn(archive)).headers.getSetCookie()
  const Cookie = cookies.map((cookie) => BROWSER.exec(cookie)?.[0] ?? '').join('')
  return { Cookie }
}

describe('wrong passwords of an address', () => {
  it('are looked at five at once, the next when its turn comes, and any more not at all', async () => {
    const archive = await openArchive()
    expect(await guess(archive, 10)).toEqual([401, 401, 401, 401, 401, 401, 429, 429, 429, 429])
    const right = await signIn(archive)
    expect([right.status, right.headers.get('Retry-After')]).toEqual([429, '6'])
    expect(await right.text()).toContain('6')
    archive.clock.nowMs += 6000
    expect(await statusOf(archive)).toBe(303)
    // The right one counted for nothing.
    expect(await guess(archive, 1)).toEqual([401])
  })

  it('hold up nobody elsewhere, and no browser that somebody has signed in with', async () => {
    const archive = await openArchive()
    const known = await knownBrowser(archive)
    await guess(archive, 7)
    expect(await statusOf(archive)).toBe(429)
    expect(await statusOf(archive, known)).toBe(303)
    archive.peer.address = '198.51.100.1'
    expect(await statusOf(archive)).toBe(303)
  })

  it('count for a /64 of IPv6, and more of them for a /48', async () => {
    const archive = await openArchive()
    const from = (address: string) => (archive.peer.address = address)
    from('2001:db8::1')
    await guess(archive, 7)
    from('2001:db8::ffff:1')
    expect(await statusOf(archive)).toBe(429)
    for (let network = 1; network <= 3; network++) {
      from(`2001:db8:0:${network}::1`)
      await guess(archive, 5)
    }
    from('2001:db8:0:ffff::1')
    // The one that waited counts too.
    expect(await guess(archive, 4)).toEqual([401, 401, 429, 429])
    from('2001:db8:1::1')
    expect(await statusOf(archive)).toBe(303)
  })
})

describe('wrong passwords of many networks', () => {
  it('count for the account, and hold up no browser that somebody has signed in with', async () => {
    const archive = await openArchive()
    const known = await knownBrowser(archive)
    for (let network = 0; network < 10; network++) {
      archive.peer.address = `198.51.${network}.1`
      expect(await guess(archive, 5)).toEqual([401, 401, 401, 401, 401])
    }
    archive.peer.address = '203.0.113.1'
    // Three wait for the account, three are those of a network that seldom tries.
    expect(await guess(archive, 7)).toEqual([401, 401, 401, 401, 401, 401, 429])
    archive.peer.address = '203.0.113.2'
    expect(await statusOf(archive)).toBe(429)
    expect(await statusOf(archive, known)).toBe(303)
    archive.peer.address = '192.0.2.77'
    expect(await statusOf(archive)).toBe(303)
  })

  it('hold up nobody who is elsewhere, as long as the networks are few', () => {
    const clock = { nowMs: 1_700_000_000_000 }
    const brake = createBrake(() => clock.nowMs, { longestWaitMs: LONGEST_WAIT_MS })
    const isGiven = (address: string) =>
      takeTurn(brake, triesOf('operator', { browser: null, address })).isGiven
    let guesses = 0
    for (let second = 0; second < 3600; second++, clock.nowMs += 1000) {
      for (let network = 0; network < 50; network++) guesses += Number(isGiven(`10.0.${network}.1`))
      if (second % 30 === 0) expect([second, isGiven(`172.16.${second / 30}.1`)]).toEqual([second, true])
    }
    // One a second of the account, and six an hour of what is kept for each of the networks.
    expect(guesses).toBeLessThanOrEqual(50 + 3600 + 3 + 50 * 6)
  })
})

describe('a browser that somebody has signed in with', () => {
  it('is slowed by what is tried with it, and holds up nobody else', async () => {
    const archive = await openArchive()
    const known = await knownBrowser(archive)
    expect(await guess(archive, 6, known)).toEqual([401, 401, 401, 401, 401, 429])
    const right = await signIn(archive, CONSOLE_PASSWORD, { headers: known })
    expect([right.status, right.headers.get('Retry-After')]).toEqual([429, '30'])
    expect(await statusOf(archive)).toBe(303)
    expect(await statusOf(archive, await knownBrowser(archive))).toBe(303)
    archive.clock.nowMs += 30_000
    expect(await statusOf(archive, known)).toBe(303)
  })

  it('is known by a cookie that no script reads, for ninety days', async () => {
    const archive = await openArchive()
    const [, cookie = ''] = (await signIn(archive)).headers.getSetCookie()
    expect(cookie.split('; ').slice(1).toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=7776000',
      'Path=/console',
      'SameSite=Strict',
    ])
    const known = { Cookie: cookie.split(';')[0] ?? '' }
    archive.clock.nowMs += 90 * DAY_MS - 1
    await guess(archive, 7)
    expect(await statusOf(archive, known)).toBe(303)
    archive.clock.nowMs += 1
    expect(await statusOf(archive, known)).toBe(429)
  })

  it('cannot be made up, nor be made of a session or of another password', async () => {
    const archive = await openArchive()
    const { Cookie } = await knownBrowser(archive)
    const other = await openArchive({ CONSOLE_PASSWORD: 'another-password' })
    const foreign = await signIn(other, 'another-password')
    const session = (await signIn(archive)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const forged = [
      Cookie.replace('=console_browser.', '=console_browser.x'),
      Cookie.replace('=console_browser', '=console_session'),
      session.replace('console_session=', 'console_browser='),
      session.replaceAll('console_session', 'console_browser'),
      BROWSER.exec(foreign.headers.getSetCookie()[1] ?? '')?.[0] ?? '',
      'console_browser=',
    ]
    expect(new Set(forged).size).toBe(forged.length)
    await guess(archive, 7)
    for (const cookie of forged)
      expect([cookie, await statusOf(archive, { Cookie: cookie })]).toEqual([cookie, 429])
    expect(await statusOf(archive, { Cookie })).toBe(303)
  })
})

describe('a name that nobody has', () => {
  it('opens nothing with any password', async () => {
    const isRight = createIsRight(new Map([['operator', 'secret']]))
    const tried = [
      ['operator', 'secret'],
      ['operator', ''],
      ['nobody', 'secret'],
      ['nobody', ''],
      ['nobody', 'undefined'],
    ] as const
    const found = await Promise.all(tried.map(([name, password]) => isRight(name, password)))
    expect(found).toEqual([true, false, false, false, false])
  })
})
