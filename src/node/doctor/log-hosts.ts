/** Which host RongCloud names for the logs of each app, and whether they may be downloaded from there. Nothing is downloaded. */
import type { Config } from '../../config.ts'
import { hoursToProve } from '../../domain/hour-state.ts'
import { askForLogOnce, type AskForLogDeps } from '../../ingest/ask-for-log.ts'
import { HostRefused } from '../../ingest/host-refused.ts'
import type { HistoryAnswer } from '../../rongcloud/history-log/server-api.ts'
import type { App } from '../../rongcloud/signature.ts'
import { nodeHashing } from '../hashing.ts'
import { createOutbound, type Outbound } from '../outbound.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

const ABOUT = 'log host'
// An hour without messages has no log: one of three at different times of the day will.
const HOURS_APART = [0, 8, 16]

/** None where RongCloud is not asked for logs. */
export async function findLogHosts(
  { serverApi, logZone, apps }: Config,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<Finding[]> {
  if (!serverApi) return []
  const outbound = createOutbound(serverApi.reaches, { signal })
  const network = { fetch: outbound.fetch, sleep: () => Promise.resolve() }
  const deps = { network, api: serverApi, logZone, hashing: nodeHashing, now: () => nowMs }
  return Promise.all(apps.map((app) => findingOf(app, deps, outbound)))
}

async function findingOf(app: App, deps: AskForLogDeps, outbound: Outbound): Promise<Finding> {
  try {
    const answer = await askForSome(app, deps)
    if ('refused' in answer)
      return warn(
        ABOUT,
        `RongCloud named none for ${app.appKey}: ${answer.detail}`,
        'archive logs fetch tells more',
      )
    if (answer.url === null) return ok(ABOUT, `RongCloud has no log of ${app.appKey} to name one for`)
    const url = URL.parse(answer.url)
    if (!url) return warn(ABOUT, 'RongCloud named one that is no URL', 'report the format')
    await outbound.check(url)
    if (!outbound.isTrusted(url))
      return warn(
        ABOUT,
        `the logs of ${app.appKey} come over plain http from ${url.host}, and so prove no hour`,
        'add it to RONGCLOUD_LOG_HOSTS if nobody on the way can change them, and restart the server',
      )
    return ok(ABOUT, `the logs of ${app.appKey} are on ${url.host}, which is allowed`)
  } catch (error) {
    const { message } = error as Error
    const todo = "add it to RONGCLOUD_LOG_HOSTS if it is RongCloud's, and restart the server"
    return error instanceof HostRefused ? fail(ABOUT, message, todo) : warn(ABOUT, message, 'see to its DNS')
  }
}

/** The newest hours whose logs are ready, one after the other. */
async function askForSome(app: App, deps: AskForLogDeps): Promise<HistoryAnswer> {
  const hours = hoursToProve(deps.now())
  let answer: HistoryAnswer = { url: null }
  for (const apart of HOURS_APART) {
    answer = await askForLogOnce(deps, app, hours.at(-1 - apart) ?? 0)
    if ('refused' in answer || answer.url !== null) return answer
  }
  return answer
}
