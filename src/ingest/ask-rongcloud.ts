/** Asks RongCloud's server API: with each secret of the app, at each host, and again when it was too often. */
import type { Hashing } from '../domain/ports.ts'
import type { ServerApi } from '../rongcloud/history-log/server-api.ts'
import { isRefused, type Refused, type SignedRequest, type Signing } from '../rongcloud/server-request.ts'
import type { App } from '../rongcloud/signature.ts'
import { HostRefused } from './host-refused.ts'

/** What a door gives to reach RongCloud. */
export type Network = {
  /** Follows no redirect. Rejects with HostRefused when the host may not be called. */
  fetch: (url: string, init: RequestInit) => Promise<Response>
  sleep: (ms: number) => Promise<unknown>
}

export type AskDeps = { network: Network; api: ServerApi; hashing: Hashing; now: () => number }

export type Question<Answer extends object> = {
  path: string
  request: (signing: Signing) => SignedRequest
  read: (status: number, body: string) => Answer | Refused
  /** An answer with more is not read to its end. */
  bytesMax: number
}

const ANSWER_MS = 15_000
// RongCloud counts by the minute.
const PAUSES_MS = [2000, 8000, 30_000]

export async function askRongCloud<Answer extends object>(
  deps: AskDeps,
  app: App,
  question: Question<Answer>,
): Promise<Answer | Refused> {
  for (const pauseMs of PAUSES_MS) {
    const answer = await askOnce(deps, app, question)
    if (!isRefused(answer) || answer.refused !== 'too_often') return answer
    await deps.network.sleep(pauseMs)
  }
  return askOnce(deps, app, question)
}

/** Without waiting for anything. */
export async function askOnce<Answer extends object>(
  deps: AskDeps,
  app: App,
  question: Question<Answer>,
): Promise<Answer | Refused> {
  let answer: Answer | Refused = { refused: 'unavailable', detail: 'no host to ask' }
  for (const host of deps.api.hosts) {
    answer = await askWithEachSecret(deps, host, app, question)
    if (!isRefused(answer) || answer.refused !== 'unavailable') return answer
  }
  return answer
}

// While the secret is being changed nobody knows which of them RongCloud goes by.
async function askWithEachSecret<Answer extends object>(
  deps: AskDeps,
  host: string,
  { appKey, secrets }: App,
  question: Question<Answer>,
): Promise<Answer | Refused> {
  let answer: Answer | Refused = { refused: 'wrong_secret', detail: 'no secret to sign with' }
  for (const secret of secrets) {
    answer = await askHost(deps, host, { appKey, secret }, question)
    if (!isRefused(answer) || answer.refused !== 'wrong_secret') return answer
  }
  return answer
}

async function askHost<Answer extends object>(
  { network, hashing, now }: AskDeps,
  host: string,
  key: { appKey: string; secret: string },
  { path, request, read, bytesMax }: Question<Answer>,
): Promise<Answer | Refused> {
  const nonce = crypto.randomUUID().replaceAll('-', '').slice(0, 18)
  try {
    const response = await network.fetch(host + path, {
      ...request({ ...key, hashing, nonce, nowMs: now() }),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const body = await readText(response, bytesMax)
    if (body === null) return { refused: 'too_long', detail: `an answer of more than ${bytesMax} bytes` }
    return read(response.status, body)
  } catch (error) {
    if (error instanceof HostRefused) throw error
    return { refused: 'unavailable', detail: `${new URL(host).host}: ${reasonOf(error)}` }
  }
}

/** Null when there is more than that. */
async function readText({ body }: Response, bytesMax: number): Promise<string | null> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let left = bytesMax
  for await (const piece of piecesOf(body)) {
    left -= piece.length
    if (left < 0) return null
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

/** What is not read of it is not received either. */
export async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
      if (value) yield value
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
