/** Signs as RongCloud does: SHA1(appSecret + nonce + time), four parameters in the query (protocol §1). */
import { hash, randomInt } from 'node:crypto'

export type SigningApp = { appKey: string; secret: string }

/** Where the parameters travel: some callbacks have them in headers, and some leave out the app key. */
export type Carrier =
  'query' | 'query-without-app-key' | 'public-service-query' | 'headers' | 'headers-without-app-key'

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
  if (carrier === 'headers' || carrier === 'headers-without-app-key') {
    const headers = { Nonce: nonce, Timestamp: time, Signature: signature }
    return { query: '', headers: carrier === 'headers' ? { 'App-Key': appKey, ...headers } : headers }
  }
  const parameters =
    carrier === 'public-service-query'
      ? { 'rc-nonce': nonce, 'rc-timestamp': time, 'rc-signature': signature }
      : { ...(carrier === 'query' && { appKey }), timestamp: time, nonce, signature }
  return { query: `?${new URLSearchParams(parameters).toString()}`, headers: {} }
}
