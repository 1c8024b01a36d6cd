/**
 * Calls to other hosts. The address that is checked is the one connected to: names are looked up here, and the socket is
 * handed what may be reached. Node's own fetch takes no look-up of ours.
 */
import { lookup as lookUp, type LookupAddress } from 'node:dns'
import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { AllowedHosts } from '../domain/allowed-hosts.ts'
import { createJudge, type Judge, type Reach } from '../http/outbound.ts'
import type { Network } from '../ingest/ask-rongcloud.ts'

export type Outbound = Pick<Judge, 'isTrusted'> & {
  /** Follows no redirect, which is judged like any other address; sends text alone. */
  fetch: Network['fetch']
  /** Looks its host up as a call would. @throws HostRefused */
  check: (url: URL) => Promise<void>
}

type LookUp = typeof lookUp

/** @param signal ends what is under way @param resolve the system's own unless a test has another */
export function createOutbound(
  allowed: AllowedHosts,
  { signal, resolve = lookUp }: { signal?: AbortSignal; resolve?: LookUp } = {},
): Outbound {
  const judge = createJudge(allowed, { looksUp: true })
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }
  const lookupFor = (reach: Reach) => checkedLookup(judge, reach, resolve)
  return {
    isTrusted: judge.isTrusted,
    fetch: async (address, given) => {
      const url = new URL(address)
      const signals = [signal, given.signal].filter((each) => each instanceof AbortSignal)
      const init = { ...given, signal: AbortSignal.any(signals) }
      const lookup = lookupFor(judge.reachOf(url))
      return url.protocol === 'https:'
        ? send(https.request, url, init, { agent: agents.https, lookup })
        : send(http.request, url, init, { agent: agents.http, lookup })
    },
    check: async (url) => {
      const lookup = lookupFor(judge.reachOf(url))
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
      await new Promise<void>((done, fail) =>
        lookup(host, { all: true }, (error) => (error ? fail(error) : done())),
      )
    },
  }
}

function checkedLookup(judge: Judge, reach: Reach, resolve: LookUp): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      const reached = error ?? reachedOf(judge, host, reach, found)
      if (reached instanceof Error) callback(reached, '', 0)
      else if (options.all) callback(null, reached)
      else callback(null, reached[0]!.address, reached[0]!.family)
    })
  }
}

function reachedOf(judge: Judge, host: string, reach: Reach, found: readonly LookupAddress[]) {
  try {
    return judge.reachable(host, reach, found)
  } catch (error) {
    return error as Error
  }
}

function send(
  request: typeof http.request,
  url: URL,
  { method = 'GET', headers, body, signal }: RequestInit,
  options: RequestOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const own = Object.fromEntries(new Headers(headers))
    const sent = request(url, { ...options, method, headers: own, ...(signal && { signal }) })
    sent.on('error', reject)
    sent.on('response', (answer) => {
      try {
        resolve(toResponse(answer))
      } catch (error) {
        answer.destroy()
        reject(error)
      }
    })
    sent.end(typeof body === 'string' ? body : undefined)
  })
}

// An answer of these has no body, and a Response of them takes none.
const WITHOUT_BODY: ReadonlySet<number | undefined> = new Set([204, 205, 304])

function toResponse(answer: IncomingMessage): Response {
  const status = answer.statusCode
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const isBare = WITHOUT_BODY.has(status)
  if (isBare) answer.resume()
  const body = isBare ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>)
  return new Response(body, { ...(status !== undefined && { status }), headers })
}
