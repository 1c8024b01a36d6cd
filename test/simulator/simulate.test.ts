import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../simulator/report.ts'
import { APP, KEYS, SETTINGS } from '../support/archive.ts'
import { startServerProcess, temporaryFolder } from '../support/server-process.ts'
import { startFakeServer, type Arrived } from './runs.ts'

const MAIN = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url))
const CREDENTIALS = [
  '--app-key',
  APP.appKey,
  '--app-secret',
  APP.secret,
  '--api-key',
  KEYS.read,
  '--wait',
  '0',
]

/** `npm run simulate` with these options, to its end. */
async function simulate(url: URL | string, options: string[], onStart?: (interrupt: () => void) => void) {
  const child = spawn(process.execPath, [MAIN, '--url', String(url), ...CREDENTIALS, '--json', ...options])
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (printed.out += String(chunk)))
  child.stderr.on('data', (chunk) => (printed.err += String(chunk)))
  onStart?.(() => child.kill('SIGINT'))
  const [code] = (await once(child, 'close')) as [number | null]
  return {
    code,
    err: printed.err,
    report: printed.out.startsWith('{') ? (JSON.parse(printed.out) as Report) : null,
  }
}

/** Keeps messages in memory and answers as the archive does, with what the test changes of it. */
async function startFakeArchive(change: (items: object[]) => object[] = (items) => items) {
  const kept = new Map<string, object>()
  const keep = ({ body }: Arrived) => {
    const form = new URLSearchParams(body)
    const groupUserIds = (form.get('groupUserIds') ?? '[]').slice(1, -1)
    kept.set(form.get('msgUID') ?? '', {
      ...Object.fromEntries(form),
      targetId: form.get('toUserId'),
      busChannel: form.get('busChannel') ?? '',
      sentAtMs: Number(form.get('msgTimestamp')),
      sensitiveType: Number(form.get('sensitiveType')),
      fields: {
        ...(groupUserIds && { groupUserIds: groupUserIds.split(',') }),
        ...(form.has('originalMsgUID') && { originalMsgUID: form.get('originalMsgUID') }),
        ...(form.has('aiGenerated') && { aiGenerated: form.get('aiGenerated') }),
      },
    })
    return { status: 200 }
  }
  return startFakeServer((arrived) => {
    if (arrived.path === '/callbacks/messages') return keep(arrived)
    if (arrived.path !== '/api/v1/messages') return { status: 404 }
    const asked = new URLSearchParams(arrived.query).get('msgUID')?.split(',') ?? []
    return { status: 200, json: { items: change(asked.flatMap((uid) => kept.get(uid) ?? [])), next: null } }
  })
}

describe('a run against the real archive', () => {
  it('finds every message there, once and as it was sent', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const templates = ['--member-user-id', 'u{id}', '--seller-user-id', 'shop_{id}']
    const { code, report } = await simulate(server.url, [
      '--messages',
      '300',
      '--seed',
      '5',
      '--events',
      'off',
      ...templates,
    ])
    expect(report).toMatchObject({
      sent: 300,
      acknowledged: 300,
      refused: 0,
      lost: 0,
      doubled: 0,
      altered: 0,
    })
    expect(report?.answers['200']).toBeGreaterThan(300)
    expect(code).toBe(0)
    const again = await simulate(server.url, [
      '--messages',
      '300',
      '--seed',
      '5',
      '--events',
      'off',
      ...templates,
    ])
    expect([again.code, again.report]).toEqual([
      0,
      expect.objectContaining({ acknowledged: 300, lost: 0, altered: 0 }),
    ])
  })

  it('says that its messages are refused, and by what answer', async () => {
    const server = await startServerProcess({
      ...SETTINGS,
      DATABASE_PATH: join(temporaryFolder(), 'archive.db'),
    })
    const { code, report } = await simulate(server.url, ['--messages', '5', '--app-secret', 'wrong'])
    expect(report).toMatchObject({ sent: 5, acknowledged: 0, refused: 5, answers: { 401: 5 } })
    expect(code).toBe(1)
  })
})

describe('a run', () => {
  it('takes an archive that has no address for other callbacks as it is', async () => {
    const { url } = await startFakeArchive()
    const { code, report } = await simulate(url, ['--messages', '100'])
    expect(report).toMatchObject({ sent: 100, acknowledged: 100, lost: 0, events: { 404: 6 } })
    expect(code).toBe(0)
  })

  it.each([
    ['lost', (items: object[]) => items.slice(1)],
    ['doubled', (items: object[]) => [...items, ...items.slice(0, 1)]],
    ['altered', (items: object[]) => items.map((item, i) => (i === 0 ? { ...item, content: '' } : item))],
  ])('ends with 1 when something is %s', async (fault, change) => {
    const { url } = await startFakeArchive(change)
    const { code, report } = await simulate(url, ['--messages', '50'])
    expect(report).toMatchObject({ lost: 0, doubled: 0, altered: 0, [fault]: 1 })
    expect(report?.examples[0]).toMatchObject({ fault })
    expect(code).toBe(1)
  })

  it('does not look when told not to', async () => {
    const { url, arrived } = await startFakeArchive()
    const { code, report } = await simulate(url, ['--messages', '10', '--no-verify'])
    expect(report).toMatchObject({ sent: 10, acknowledged: 10, lost: null, doubled: null, altered: null })
    expect(arrived.filter(({ method }) => method === 'GET')).toEqual([])
    expect(code).toBe(0)
  })

  it('stops when interrupted and verifies what it has sent', async () => {
    const { url, arrived } = await startFakeArchive()
    const { code, report } = await simulate(url, ['--messages', '100000', '--rate', '200'], (interrupt) => {
      const timer = setInterval(() => {
        if (arrived.length < 50) return
        clearInterval(timer)
        interrupt()
      }, 10)
    })
    expect(report).toMatchObject({ interrupted: true, refused: 0, lost: 0, doubled: 0, altered: 0 })
    expect(report?.sent).toBeGreaterThan(40)
    expect(report?.sent).toBeLessThan(10_000)
    expect(code).toBe(0)
  })

  it('sends nothing when it could not verify, and ends with 2', async () => {
    const { url, arrived } = await startFakeServer(() => ({ status: 403 }))
    const { code, err } = await simulate(url, [])
    expect([code, arrived.length]).toEqual([2, 1])
    expect(err).toContain('--api-key must be a key with the scope read')
    const nobody = await simulate('http://127.0.0.1:1', [])
    expect([nobody.code, nobody.err]).toEqual([
      2,
      expect.stringContaining('http://127.0.0.1:1 cannot be asked'),
    ])
  })

  it('tells what it sent although the archive cannot be asked any more, and ends with 1', async () => {
    let asked = 0
    const { url } = await startFakeServer(({ method }) => {
      if (method === 'POST') return { status: 200 }
      return asked++ === 0 ? { status: 200, json: { items: [], next: null } } : { status: 403 }
    })
    const { code, report } = await simulate(url, ['--messages', '10'])
    expect(report).toMatchObject({ acknowledged: 10, lost: null })
    expect([code, report?.unverified]).toEqual([1, expect.stringContaining('answered 403')])
  })

  it('ends with 2 and one line on a wrong option', async () => {
    const { code, err } = await simulate('nowhere', [])
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: option '--url <url>'.*\n$/)])
  })
})
