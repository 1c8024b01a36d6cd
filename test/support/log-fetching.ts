/** The fetching of history logs from a fake RongCloud, into the archive under test. */
import { openArchive, openDownload } from '#open-archive'
import { listProofs } from '../../src/archive/completeness.ts'
import { parseConfig } from '../../src/config.ts'
import { isProof } from '../../src/domain/hour-state.ts'
import { createJudge, guarded } from '../../src/http/outbound.ts'
import { fetchLogs, type FetchDeps } from '../../src/ingest/fetch-logs.ts'
import { createFakeApi, zipOf } from './fake-rongcloud-api.ts'
import { hashing } from './hashing.ts'
import { aRecord, linesOfRecords } from './history-log.ts'

export const SECRET = 'Y1W2MeFwwwRxa0'
export const NOW_MS = Date.parse('2024-12-20T00:30:00Z')
export const HOUR = '2024121916'
export const HOUR_MS = Date.parse('2024-12-19T08:00:00Z')

export const hangUp = () => Promise.reject(new TypeError('fetch failed'))

/** RongCloud has the log of one hour, with two messages. */
export async function aFetching(secrets = [SECRET], settings: Record<string, string> = {}) {
  const api = createFakeApi(SECRET)
  const archive = await openArchive()
  const { store } = archive
  const logged: string[] = []
  const facts: unknown[] = []
  const log = (event: string, more?: Record<string, unknown>) => {
    logged.push(event)
    facts.push(more)
  }
  const { apps, templates, serverApi, logZone } = parseConfig({
    RONGCLOUD_APPS: secrets.map((secret) => `uwd1c0sxdlx2:${secret}`).join(','),
    RONGCLOUD_API: api.url,
    ...settings,
  })
  if (!serverApi) throw new Error('RONGCLOUD_API is off')
  const clock = { nowMs: NOW_MS }
  const slept: number[] = []
  const deps: FetchDeps = {
    store,
    apps,
    templates,
    logZone,
    hashing,
    api: serverApi,
    log: { debug: () => undefined, info: log, warn: log, error: log },
    now: () => clock.nowMs,
    network: {
      fetch: guarded(
        async (url, init) => (url.startsWith(api.url) ? api.fetch(new Request(url, init)) : hangUp()),
        serverApi.reaches,
      ),
      sleep: (ms) => Promise.resolve(slept.push(ms)),
    },
    isTrusted: createJudge(serverApi.reaches, { looksUp: false }).isTrusted,
    openDownload,
    linesPerRun: Infinity,
  }
  api.files.set(
    HOUR,
    await zipOf({
      'a.log': linesOfRecords([aRecord()]),
      'b.log': linesOfRecords([aRecord({ msgUID: 'B' })]),
    }),
  )
  const hours = { appKeys: ['uwd1c0sxdlx2'], fromMs: 0, untilMs: NOW_MS }
  const proofs = () => listProofs(store, hours, deps.logZone.aheadOfUtcMs)
  const proven = async () => (await proofs()).filter(isProof).map(({ hourStartMs }) => hourStartMs)
  const fetchOne = () => fetchLogs(deps, { hours: [HOUR_MS] })
  return { archive, api, deps, clock, logged, facts, slept, proven, proofs, fetchOne }
}
