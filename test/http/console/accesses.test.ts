import { describe, expect, it } from 'vitest'
import { CONSOLE_PASSWORD, SETTINGS } from '../../support/archive.ts'
import { getJson } from '../../support/requests.ts'
import { openConsole, signIn } from './signed-in.ts'

const ADMIN = 'key-of-the-operator'

type Access = { id: number; sessionId: string; action: string; detail: string | null }
type AccessPage = { items: Access[]; next: string | null }

const open = () => openConsole({ API_KEYS: `${SETTINGS.API_KEYS},operator:${ADMIN}:admin` })

describe('the access log', () => {
  it('tells who, when, from where and what, newest first', async () => {
    const { archive, page } = await open()
    archive.clock.nowMs += 5000
    archive.peer.address = '192.0.2.77'
    await page('/console/accesses?action=sign_in&lang=en')
    const { items, next } = await getJson<AccessPage>(archive, '/api/v1/console-accesses', ADMIN)
    const [, first] = items
    const sessionId = first?.sessionId
    expect(sessionId).toMatch(/^[\da-f-]{36}$/)
    const id = expect.any(Number) as number
    const at = { sessionId, subjectId: null, id }
    const atMs = archive.clock.nowMs
    expect([items, next]).toEqual([
      [
        { ...at, remoteAddress: '192.0.2.77', atMs, action: 'accesses', detail: 'action=sign_in' },
        { ...at, remoteAddress: '192.0.2.10', atMs: atMs - 5000, action: 'sign_in', detail: null },
      ],
      null,
    ])
  })

  it('narrows, and pages with a cursor', async () => {
    const { archive, page } = await open()
    for (let i = 0; i < 4; i++) await page('/console/accesses')
    const path = '/api/v1/console-accesses?action=accesses&limit=3'
    const first = await getJson<AccessPage>(archive, path, ADMIN)
    const second = await getJson<AccessPage>(archive, `${path}&cursor=${first.next}`, ADMIN)
    expect([first.items.length, second.items.length, second.next]).toEqual([3, 1, null])
    const ids = [...first.items, ...second.items].map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((one, other) => other - one))
    const none = await getJson<AccessPage>(archive, '/api/v1/console-accesses?sessionId=nobody', ADMIN)
    expect(none.items).toEqual([])
  })

  it('is a page too, a hundred lines at a time', async () => {
    const { page } = await open()
    expect(await page('/console/accesses')).toContain('signed in')
    expect(await page('/console/accesses', { 'Accept-Language': 'zh-CN' })).toContain('访问日志')
    for (let i = 0; i < 100; i++) await page('/console/accesses')
    const older = /href="(\/console\/accesses\?cursor=[^"]+)">Older/.exec(await page('/console/accesses'))
    const last = await page(older?.[1] ?? '')
    expect(last).toContain('signed in')
    expect(last).toContain('Back to the newest')
  })

  it('shows what was asked for as text', async () => {
    const { page } = await open()
    await page(`/console/accesses?sessionId=${encodeURIComponent('<script>"\u202e')}`)
    const text = await page('/console/accesses')
    expect(text).toContain('&lt;script&gt;&quot;‹U+202E›')
    expect(text).not.toContain('<script>')
  })

  it('shows nothing that cannot be noted', async () => {
    const { archive, get } = await open()
    const atomically = archive.store.atomically
    const failing = archive.store as { atomically: typeof atomically }
    failing.atomically = () => Promise.reject(new Error('the disk is full'))
    const answer = await get('/console/accesses')
    failing.atomically = atomically
    expect([answer.status, (await answer.text()).includes('signed in')]).toEqual([500, false])
  })

  it('has no line for a wrong password', async () => {
    const { archive } = await open()
    await signIn(archive, `not ${CONSOLE_PASSWORD}`)
    const { items } = await getJson<AccessPage>(archive, '/api/v1/console-accesses', ADMIN)
    expect(items).toHaveLength(1)
  })
})
