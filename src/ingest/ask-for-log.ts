/** Asks RongCloud for the log of an hour: where it is, and then what is in it. */
import { writeHour } from '../rongcloud/history-log/hours.ts'
import {
  HISTORY_PATH,
  historyRequest,
  readHistoryAnswer,
  type HistoryAnswer,
} from '../rongcloud/history-log/server-api.ts'
import type { App } from '../rongcloud/signature.ts'
import type { LogZone } from '../domain/log-zone.ts'
import { askOnce, askRongCloud, piecesOf, type AskDeps, type Question } from './ask-rongcloud.ts'

const DOWNLOAD_MS = 600_000
const REDIRECTS_MAX = 3
// An honest one has some hundred.
const ANSWER_BYTES_MAX = 1024 ** 2

/** `logZone`: of the hours that logs are of. */
export type AskForLogDeps = AskDeps & { logZone: LogZone }

export function askForLog(deps: AskForLogDeps, app: App, hourStartMs: number): Promise<HistoryAnswer> {
  return askRongCloud(deps, app, questionOf(deps, hourStartMs))
}

/** Once, without waiting for anything. */
export function askForLogOnce(deps: AskForLogDeps, app: App, hourStartMs: number): Promise<HistoryAnswer> {
  return askOnce(deps, app, questionOf(deps, hourStartMs))
}

function questionOf({ logZone }: AskForLogDeps, hourStartMs: number): Question<HistoryAnswer> {
  const hour = writeHour(hourStartMs, logZone)
  return {
    path: HISTORY_PATH,
    request: (signing) => historyRequest(signing, hour),
    read: (status, body) => readHistoryAnswer(status, body, hour),
    bytesMax: ANSWER_BYTES_MAX,
  }
}

/**
 * The bytes of the file. @throws an error that says why it cannot be had
 * @param onHop told of each address on the way to the file that answered, its own included
 */
export async function* download(
  { network }: Pick<AskDeps, 'network'>,
  address: string,
  onHop: (url: URL) => void,
): AsyncGenerator<Uint8Array> {
  const signal = AbortSignal.timeout(DOWNLOAD_MS)
  let url = addressOf(address)
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const response = await network.fetch(url.href, { redirect: 'manual', signal })
    onHop(url)
    const location = response.headers.get('location')
    if (response.status === 200 && response.body) return yield* piecesOf(response.body)
    await response.body?.cancel()
    if (response.status < 300 || response.status > 399 || location === null)
      throw new Error(`${url.host} answered the download with status ${response.status}`)
    url = addressOf(location, url)
  }
  throw new Error(`${url.host} redirects without end`)
}

function addressOf(address: string, base?: URL): URL {
  const url = URL.parse(address, base)
  if (!url) throw new Error('the address of the file is no URL')
  return url
}
