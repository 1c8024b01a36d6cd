/** Signs as RongCloud does: SHA1(appSecret + nonce + time), four parameters in the query (protocol §1). */
import { hash, randomInt } from 'node:crypto'

export type SigningApp = { appKey: string; secret: string }

/** Where the parameters travel: the moderation results have them in headers, two others leave out the app key. */
export type Carrier = 'query' | 'query-without-app-key' | 'public-service-query' | 'headers'

export type Signed = { query: string; headers: Record<string, string> }

const NONCE_BELOW = 2 ** 47

export function sign(
  { appKey, secret }: SigningApp,
  carrier: Carrier,
  { timeMs, nonce = String(randomInt(NONCE_BELOW)) }: { timeMs: number; nonce?: string },
): Signed {
  // The oldest callback counts in seconds.
  const time = String(carrier === 'public-service-query' ? Math.floor(timeMs / 1000) : timeMs)
  const signature = hash('sha1', secret + nonce + time)
  if (carrier === 'headers')
    return {
      query: '',
      headers: { 'App-Key': appKey, Nonce: nonce, Timestamp: time, Signature: signature },
    }
  const parameters =
    carrier === 'public-service-query'
      ? { 'rc-nonce': nonce, 'rc-timestamp': time, 'rc-signature': signature }
      : { ...(carrier === 'query' && { appKey }), timestamp: time, nonce, signature }
  return { query: `?${new URLSearchParams(parameters).toString()}`, headers: {} }
}
