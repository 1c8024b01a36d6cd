/** Asks RongCloud for the log of an hour: where it is, and then what is in it. */
import { writeHour } from '../rongcloud/history-log/hours.ts'
import {
  HISTORY_PATH,
  historyRequest,
  readHistoryAnswer,
  type HistoryAnswer,
  type ServerApi,
} from '../rongcloud/history-log/server-api.ts'
import type { App } from '../rongcloud/signature.ts'
import type { LogZone } from '../domain/log-zone.ts'
import type { Hashing } from '../domain/ports.ts'
import { HostRefused } from './host-refused.ts'

/** What a door gives to reach RongCloud. */
export type Network = {
  /** Follows no redirect. Rejects with HostRefused when the host may not be called. */
  fetch: (url: string, init: RequestInit) => Promise<Response>
  sleep: (ms: number) => Promise<unknown>
}

export type AskDeps = {
  network: Network
  api: ServerApi
  logZone: LogZone
  hashing: Hashing
  now: () => number
}

const ANSWER_MS = 15_000
const DOWNLOAD_MS = 600_000
const REDIRECTS_MAX = 3
const ANSWER_MAX_BYTES = 100_000
// RongCloud counts by the minute.
const PAUSES_MS = [2000, 8000, 30_000]

/** Waits and asks again when RongCloud says it is too often, and asks the other host when one cannot be reached. */
export async function askForLog(deps: AskDeps, app: App, hourStartMs: number): Promise<HistoryAnswer> {
  for (const pauseMs of PAUSES_MS) {
    const answer = await askHosts(deps, app, hourStartMs)
    if (!('refused' in answer) || answer.refused !== 'too_often') return answer
    await deps.network.sleep(pauseMs)
  }
  return askHosts(deps, app, hourStartMs)
}

/** Once, without waiting for anything. */
export async function askHosts(deps: AskDeps, app: App, hourStartMs: number): Promise<HistoryAnswer> {
  let answer: HistoryAnswer = { refused: 'unavailable', detail: 'no host to ask' }
  for (const host of deps.api.hosts) {
    answer = await askWithEachSecret(deps, host, app, writeHour(hourStartMs, deps.logZone))
    if (!('refused' in answer) || answer.refused !== 'unavailable') return answer
  }
  return answer
}

// While the secret is being changed nobody knows which of them RongCloud goes by.
async function askWithEachSecret(
  deps: AskDeps,
  host: string,
  { appKey, secrets }: App,
  hour: string,
): Promise<HistoryAnswer> {
  let answer: HistoryAnswer = { refused: 'wrong_secret', detail: 'no secret to sign with' }
  for (const secret of secrets) {
    answer = await askHost(deps, host, { appKey, secret }, hour)
    if (!('refused' in answer) || answer.refused !== 'wrong_secret') return answer
  }
  return answer
}

async function askHost(
  { network, hashing, now }: AskDeps,
  host: string,
  key: { appKey: string; secret: string },
  hour: string,
): Promise<HistoryAnswer> {
  const nonce = crypto.randomUUID().replaceAll('-', '').slice(0, 18)
  const request = historyRequest(key, hour, { hashing, nonce, nowMs: now() })
  try {
    const response = await network.fetch(host + HISTORY_PATH, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    return readHistoryAnswer(response.status, await beginningOf(response, ANSWER_MAX_BYTES), hour)
  } catch (error) {
    if (error instanceof HostRefused) throw error
    return { refused: 'unavailable', detail: `${new URL(host).host}: ${reasonOf(error)}` }
  }
}

/** The bytes of the file. @throws an error that says why it cannot be had */
export async function* download(
  { network }: Pick<AskDeps, 'network'>,
  address: string,
): AsyncGenerator<Uint8Array> {
  const signal = AbortSignal.timeout(DOWNLOAD_MS)
  let url = addressOf(address)
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const response = await network.fetch(url.href, { redirect: 'manual', signal })
    const location = response.headers.get('location')
    if (response.status === 200 && response.body) return yield* piecesOf(response.body)
    await response.body?.cancel()
    if (response.status < 300 || response.status > 399 || location === null)
      throw new Error(`${url.host} answered the download with status ${response.status}`)
    url = addressOf(location, url)
  }
  throw new Error(`${url.host} redirects without end`)
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
      if (value) yield value
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function addressOf(address: string, base?: URL): URL {
  const url = URL.parse(address, base)
  if (!url) throw new Error('the address of the file is no URL')
  return url
}

async function beginningOf({ body }: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let left = maxBytes
  for await (const piece of body ? piecesOf(body) : []) {
    text += decoder.decode(piece.subarray(0, left), { stream: true })
    left -= piece.length
    if (left <= 0) break
  }
  return text
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
