/** The back-fill from a fake RongCloud's message history, into the archive under test. */
import { BEIJING } from '../../src/domain/log-zone.ts'
import { openArchive } from '#open-archive'
import { forgetAsked } from '../../src/archive/history-queries.ts'
import type { ArchivedMessage } from '../../src/archive/messages.ts'
import { parseConfig } from '../../src/config.ts'
import { fetchHistory, type HistoryDeps, type WhichHistory } from '../../src/ingest/fetch-history.ts'
import { APP, SETTINGS } from './archive.ts'
import { createFakeApi } from './fake-rongcloud-api.ts'
import { hashing } from './hashing.ts'
import { deliverMessage, getJson } from './requests.ts'

/** Five days after the messages that `messageFields` and `anItem` make: no log tells of them any more. */
export const NOW_MS = Date.parse('2024-12-24T08:00:00Z')
export const SENT_MS = 1734595200123

export const ADMIN = 'key-of-the-operator'

export type Item = Pick<ArchivedMessage, 'id' | 'msgUID' | 'content' | 'origin' | 'state' | 'problem'> & {
  fields: Record<string, unknown>
  sentAtMs: number
  fromUserId: string
  targetId: string
}

/** A callback has brought one message, of u1 to shop_a. */
export async function aBackFill(secrets = [APP.secret]) {
  const api = createFakeApi(APP.secret)
  const archive = await openArchive({ API_KEYS: `${SETTINGS.API_KEYS},operator:${ADMIN}:admin` })
  const { store } = archive
  const logged: string[] = []
  const log = (event: string) => void logged.push(event)
  const { apps, templates, serverApi } = parseConfig({
    RONGCLOUD_APPS: secrets.map((secret) => `${APP.appKey}:${secret}`).join(','),
    RONGCLOUD_API: api.url,
    MEMBER_USER_ID: 'u{id}',
    SELLER_USER_ID: 'shop_{id}',
  })
  const clock = { nowMs: NOW_MS }
  const slept: number[] = []
  const deps: HistoryDeps = {
    store,
    apps,
    templates,
    logZone: BEIJING,
    hashing,
    api: serverApi!,
    log: { debug: () => undefined, info: () => undefined, warn: log, error: log },
    now: () => clock.nowMs,
    network: {
      fetch: async (url, init) => {
        if (!url.startsWith(api.url)) throw new TypeError('fetch failed')
        return api.fetch(new Request(url, init))
      },
      sleep: (ms) => Promise.resolve(slept.push(ms)),
    },
    requestsPerRun: Infinity,
  }
  archive.clock.nowMs = SENT_MS + 1000
  await deliverMessage(archive)
  const fetchAll = (which?: WhichHistory) => fetchHistory(deps, which)
  const fetchAgain = async () => {
    await forgetAsked(store, { appKey: APP.appKey }, { fromMs: 0, untilMs: clock.nowMs })
    return fetchAll()
  }
  const items = async (query = '') => {
    const all: Item[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const address = `/api/v1/messages?limit=500&${query}${cursor && `&cursor=${cursor}`}`
      const page: { items: Item[]; next: string | null } = await getJson(archive, address)
      all.push(...page.items)
      cursor = page.next
    }
    return all
  }
  const item = async (msgUID: string) => (await items(`msgUID=${msgUID}`))[0]
  const aside = async () =>
    (await getJson<{ items: Record<string, unknown>[] }>(archive, '/api/v1/deliveries')).items
  return {
    archive,
    api,
    history: api.history,
    deps,
    clock,
    logged,
    slept,
    fetchAll,
    fetchAgain,
    items,
    item,
    aside,
  }
}
