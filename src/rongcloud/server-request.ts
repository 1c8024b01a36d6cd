/** What all requests to RongCloud's server API have in common (protocol §7.3), and how it says no (§8). */
import type { Hashing } from '../domain/ports.ts'

export type SignedRequest = { method: 'POST'; headers: Record<string, string>; body: string }

/** `nonce`: at most 18 characters. */
export type Signing = {
  appKey: string
  secret: string
  hashing: Pick<Hashing, 'sha1'>
  nonce: string
  nowMs: number
}

export function signedRequest(
  { appKey, secret, hashing, nonce, nowMs }: Signing,
  contentType: string,
  body: string,
): SignedRequest {
  const timestamp = String(nowMs)
  return {
    method: 'POST',
    headers: {
      'App-Key': appKey,
      Nonce: nonce,
      Timestamp: timestamp,
      Signature: hashing.sha1(`${secret}${nonce}${timestamp}`),
      'Content-Type': contentType,
    },
    body,
  }
}

/** `unavailable`: another host may answer. `too_long`: the answer has more bytes than are read of one. */
export type Refused = {
  refused: 'too_often' | 'not_enabled' | 'wrong_secret' | 'unavailable' | 'too_long' | 'other'
  detail: string
}

export function isRefused(answer: object): answer is Refused {
  return 'refused' in answer
}

const WRONG_SIGNATURE = 1004
const TOO_OFTEN = 1008
const NOT_ENABLED = 1009

/** @param notEnabled what to say when the app has not enabled the service; null when the answer is no refusal */
export function refusalOf(status: number, code: unknown, notEnabled: string): Refused | null {
  if (status === 429 || code === TOO_OFTEN) return { refused: 'too_often', detail: 'asked too often (1008)' }
  if (code === NOT_ENABLED) return { refused: 'not_enabled', detail: notEnabled }
  if (status === 401 || code === WRONG_SIGNATURE)
    return { refused: 'wrong_secret', detail: 'the signature is wrong (1004): see RONGCLOUD_APPS' }
  if (status >= 500) return { refused: 'unavailable', detail: `status ${status}` }
  if (status === 200 && code === 200) return null
  return { refused: 'other', detail: `status ${status}, code ${typeof code === 'number' ? code : 'none'}` }
}
