/** Asks the archive for messages as a back end would (docs/reference.md, `/api/v1`). */
import { Pool } from 'undici'
import { never, type Clock } from './clock.ts'

/** Of one message in the archive, what a simulation can know. */
export type ArchivedItem = {
  msgUID: string
  fromUserId: string
  targetId: string
  channelType: string
  busChannel: string
  objectName: string
  content: string
  sentAtMs: number
  source: string | null
  sensitiveType: number | null
  fields: Record<string, unknown>
}

type Page = { items: ArchivedItem[]; next: string | null }

/** As many as one question may name. */
export const MSG_UIDS_MAX = 100
export type FindMessages = (msgUIDs: readonly string[]) => Promise<ArchivedItem[]>

/** The archive cannot be asked: it is not there, or the key is not good for it. */
export class ArchiveUnavailable extends Error {
  override name = 'ArchiveUnavailable'
}

const TRIES = 5
const AGAIN_AFTER_MS = 1000
const ANSWER_MS = 30_000

export type ReaderOptions = {
  url: URL
  appKey: string
  apiKey: string
  connections: number
  clock: Clock
}

// The archive answers a few requests of one key at a time, lets some wait, and refuses more.
const MOST_AT_ONCE = 16

export function createArchiveReader({ url, appKey, apiKey, connections, clock }: ReaderOptions) {
  const pool = new Pool(url.origin, { connections: Math.min(connections, MOST_AT_ONCE), pipelining: 1 })
  const base = url.pathname.replace(/\/+$/, '')
  return { find, close: () => pool.destroy() }

  /** @throws ArchiveUnavailable */
  async function find(msgUIDs: readonly string[], tries = TRIES): Promise<ArchivedItem[]> {
    const items: ArchivedItem[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = new URLSearchParams({ appKey, msgUID: msgUIDs.join(','), limit: '500' })
      if (cursor !== '') query.set('cursor', cursor)
      const page = await ask(`${base}/api/v1/messages?${query.toString()}`, tries)
      items.push(...page.items)
      cursor = page.next
    }
    return items
  }

  async function ask(path: string, tries: number): Promise<Page> {
    for (let left = tries - 1; ; left--) {
      const page = await askOnce(path).catch((error: unknown) => {
        if (error instanceof ArchiveUnavailable || left === 0) throw unavailable(error)
        return null
      })
      if (page) return page
      await clock.sleep(AGAIN_AFTER_MS, never)
    }
  }

  async function askOnce(path: string): Promise<Page> {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path,
      headers: { Authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    if (statusCode === 200) return (await body.json()) as Page
    await body.dump()
    const said = `${url.origin}${base}/api/v1/messages answered ${statusCode}`
    if (statusCode === 401 || statusCode === 403)
      throw new ArchiveUnavailable(`${said}: --api-key must be a key with the scope read`)
    if (statusCode < 500) throw new ArchiveUnavailable(`${said}: is --url the address of an archive?`)
    throw new Error(said)
  }

  function unavailable(error: unknown): ArchiveUnavailable {
    if (error instanceof ArchiveUnavailable) return error
    const { code, message } = error as NodeJS.ErrnoException
    return new ArchiveUnavailable(`${url.origin} cannot be asked: ${code ?? message} (--url)`, {
      cause: error,
    })
  }
}
