/** Asks RongCloud for the log of an hour: where it is, and then what is in it. */
import { writeHour } from '../rongcloud/history-log/hours.ts'
import {
  HISTORY_PATH,
  historyRequest,
  isDownloadHost,
  readHistoryAnswer,
  type HistoryAnswer,
  type ServerApi,
} from '../rongcloud/history-log/server-api.ts'
import type { App } from '../rongcloud/signature.ts'
import { askRongCloud, piecesOf, type AskDeps } from './ask-rongcloud.ts'

const DOWNLOAD_MS = 600_000
const REDIRECTS_MAX = 3
const ANSWER_BYTES_MAX = 100_000

export function askForLog(deps: AskDeps, app: App, hourStartMs: number): Promise<HistoryAnswer> {
  const hour = writeHour(hourStartMs)
  return askRongCloud(deps, app, {
    path: HISTORY_PATH,
    request: (signing) => historyRequest(signing, hour),
    read: (status, body) => readHistoryAnswer(status, body, hour),
    bytesMax: ANSWER_BYTES_MAX,
  })
}

/** The bytes of the file. @throws an error that says why it cannot be had */
export async function* download({ network, api }: AskDeps, address: string): AsyncGenerator<Uint8Array> {
  const signal = AbortSignal.timeout(DOWNLOAD_MS)
  let url = addressOf(api, address)
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const response = await network.fetch(url.href, { redirect: 'manual', signal })
    const location = response.headers.get('location')
    if (response.status === 200 && response.body) return yield* piecesOf(response.body)
    await response.body?.cancel()
    if (response.status < 300 || response.status > 399 || location === null)
      throw new Error(`${url.host} answered the download with status ${response.status}`)
    url = addressOf(api, new URL(location, url).href)
  }
  throw new Error(`${url.host} redirects without end`)
}

function addressOf(api: ServerApi, address: string): URL {
  const url = URL.parse(address)
  if (!url) throw new Error('the address of the file is no URL')
  if (!isDownloadHost(api, url))
    throw new Error(`${url.host} is none of RongCloud's hosts; if it is, name it in RONGCLOUD_LOG_HOSTS`)
  return url
}
