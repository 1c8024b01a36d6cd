import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { APP, KEYS, SETTINGS } from '../support/archive.ts'
import { ROOT, startDevWorker } from '../support/dev-worker.ts'
import { bearer, messageFields, signedQuery } from '../support/requests.ts'
import { messageSamples } from '../support/samples.ts'
import { temporaryFolder } from '../support/server-process.ts'

const byText = (one = '', other = '') => (one < other ? -1 : Number(one > other))

const contentOf = (msgUID: string) => `{"content":"第${msgUID}条 👋 100%"}`

async function deliver(url: string, msgUID: string): Promise<number> {
  const body = new URLSearchParams(messageFields({ msgUID, content: contentOf(msgUID) })).toString()
  const answer = await fetch(`${url}/callbacks/messages?${await signedQuery(APP)}`, { method: 'POST', body })
  return answer.status
}

type Page = { items: { msgUID: string; content: string }[]; next: string | null }

/** All messages, each as `msgUID` and content. */
async function archived(url: string): Promise<string[][]> {
  const rows: string[][] = []
  let next: string | null = ''
  while (next !== null) {
    const answer: Response = await fetch(`${url}/api/v1/messages?limit=500&cursor=${next}`, {
      headers: bearer(KEYS.all),
    })
    const page = (await answer.json()) as Page
    rows.push(...page.items.map(({ msgUID, content }) => [msgUID, content]))
    next = page.next
  }
  return rows
}

describe('npm run dev:worker', () => {
  it('answers signed callbacks from a local D1 that has all migrations', async () => {
    const url = await startDevWorker(SETTINGS)
    expect(await deliver(url, 'A')).toBe(200)
    expect(await archived(url)).toEqual([['A', contentOf('A')]])
    expect((await fetch(`${url}/docs/swagger-ui.css`)).status).toBe(200)
  }, 60_000)

  it('loses, doubles and alters none of 2,000 messages that come 16 at a time', async () => {
    const url = await startDevWorker(SETTINGS)
    const uids = Array.from({ length: 2000 }, (_, i) => `G${i}`)
    const waiting = [...uids]
    const senders = Array.from({ length: 16 }, async () => {
      for (let uid = waiting.pop(); uid; uid = waiting.pop()) expect(await deliver(url, uid)).toBe(200)
    })
    await Promise.all(senders)
    const rows = await archived(url)
    expect(rows).toHaveLength(uids.length)
    expect(new Map(rows as [string, string][])).toEqual(new Map(uids.map((uid) => [uid, contentOf(uid)])))
  }, 120_000)

  it('archives every sample so that its content reads back byte for byte', async () => {
    const url = await startDevWorker(SETTINGS)
    const expected = new Map<string, string>()
    for (const { name, query, body, contentType } of messageSamples) {
      const answer = await fetch(`${url}/callbacks/messages?${new URLSearchParams(query).toString()}`, {
        method: 'POST',
        headers: { 'Content-Type': contentType },
        body,
      })
      expect(`${name} ${answer.status}`).toBe(`${name} ${name.includes('-bad-') ? 401 : 200}`)
      const fields = new URLSearchParams(body)
      const content = fields.get('content') ?? ''
      if (answer.status === 200 && ![...expected.values()].includes(content)) expected.set(name, content)
    }
    const contents = (await archived(url)).map(([, content]) => content)
    expect(contents.toSorted(byText)).toEqual([...expected.values()].toSorted(byText))
  }, 60_000)

  it('with the queue of wrangler.toml stores in the background what it answered 200', async () => {
    const url = await startDevWorker(SETTINGS, ['--config', withQueue()])
    const uids = Array.from({ length: 150 }, (_, i) => `Q${i}`)
    expect(new Set(await Promise.all(uids.map((uid) => deliver(url, uid))))).toEqual(new Set([200]))
    await expect.poll(async () => (await archived(url)).length, { timeout: 30_000 }).toBe(uids.length)
    expect(new Map((await archived(url)) as [string, string][])).toEqual(
      new Map(uids.map((uid) => [uid, contentOf(uid)])),
    )
  }, 90_000)
})

/** The project's wrangler.toml with its commented queue block switched on. */
function withQueue(): string {
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
  const switchedOn = toml
    .replaceAll(/^# (\[\[queues|binding|queue|max_|dead_)/gm, '$1')
    .replaceAll(/^#$/gm, '')
    .replaceAll(/"(src|drizzle|node_modules|public)(?=[/"])/g, `"${ROOT}$1`)
  const path = join(temporaryFolder(), 'wrangler.toml')
  writeFileSync(path, switchedOn)
  expect(switchedOn).toContain('\n[[queues.producers]]')
  return path
}
