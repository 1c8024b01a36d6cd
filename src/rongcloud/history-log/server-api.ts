/** RongCloud's server API as far as history logs need it (protocol §7.1 and §7.3). */
import type { AllowedHosts } from '../../domain/allowed-hosts.ts'
import { BEIJING, UTC, type LogZone } from '../../domain/log-zone.ts'
import type { Hashing } from '../../domain/ports.ts'

/**
 * `hosts`: the second is asked when the first cannot be. `logZone`: of its logs. `reaches`: it, and whatever logs may be
 * downloaded from.
 */
export type ServerApi = { hosts: readonly string[]; logZone: LogZone; reaches: AllowedHosts }

const pair = (name: string) => [`https://api.${name}.com`, `https://api-b.${name}.com`]

const DATA_CENTRES: Readonly<Record<string, { hosts: readonly string[]; logZone: LogZone }>> = {
  beijing: { hosts: pair('rong-api'), logZone: BEIJING },
  singapore: { hosts: pair('sg-light-api'), logZone: UTC },
  'singapore-b': { hosts: pair('sg-b-light-api'), logZone: UTC },
  'north-america': { hosts: pair('us-light-api'), logZone: UTC },
  'saudi-arabia': { hosts: pair('sau-light-api'), logZone: UTC },
}

export const DATA_CENTRE_NAMES = Object.keys(DATA_CENTRES)

// Where its domains end. It does not document from which of them it serves logs.
const VENDOR_DOMAINS = [
  'rong-api.com',
  'sg-light-api.com',
  'sg-b-light-api.com',
  'us-light-api.com',
  'sau-light-api.com',
  'ronghub.com',
  'rongcloud.cn',
  'rongcloud.com',
  'rongcloud.io',
  'rongcloud.net',
]

const VENDOR_HOSTS: AllowedHosts = {
  named: [],
  domains: VENDOR_DOMAINS,
  ranges: [],
  setting: 'RONGCLOUD_LOG_HOSTS',
}

/** @param setting name of a data centre, or a URL; null when it is neither */
export function serverApiOf(setting: string): ServerApi | null {
  const known = Object.hasOwn(DATA_CENTRES, setting) ? DATA_CENTRES[setting] : undefined
  if (known) return { ...known, reaches: VENDOR_HOSTS }
  const url = URL.parse(setting)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  const reaches = { ...VENDOR_HOSTS, named: [url.host] }
  return { hosts: [setting.replace(/\/+$/, '')], logZone: BEIJING, reaches }
}

export const HISTORY_PATH = '/message/history.json'

/** @param hour as `writeHour` writes it @param nonce at most 18 characters */
export function historyRequest(
  { appKey, secret }: { appKey: string; secret: string },
  hour: string,
  { hashing, nonce, nowMs }: { hashing: Pick<Hashing, 'sha1'>; nonce: string; nowMs: number },
): { method: 'POST'; headers: Record<string, string>; body: string } {
  const timestamp = String(nowMs)
  return {
    method: 'POST',
    headers: {
      'App-Key': appKey,
      Nonce: nonce,
      Timestamp: timestamp,
      Signature: hashing.sha1(`${secret}${nonce}${timestamp}`),
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ date: hour }).toString(),
  }
}

/** `url` null: there was no message in that hour, or there is no file yet. */
export type HistoryAnswer =
  | { url: string | null }
  | { refused: 'too_often' | 'not_enabled' | 'wrong_secret' | 'unavailable' | 'other'; detail: string }

const WRONG_SIGNATURE = 1004
const TOO_OFTEN = 1008
const NOT_ENABLED = 1009

export const NOT_ENABLED_DETAIL = "the app's history logs are not enabled (1009)"

export function readHistoryAnswer(status: number, body: string, hour: string): HistoryAnswer {
  const { code, url, date } = objectOf(body)
  const refusal = refusalOf(status, code)
  if (refusal) return refusal
  if (!isOf(hour, date)) return { refused: 'other', detail: 'an answer for another hour' }
  return { url: typeof url === 'string' && url !== '' ? url : null }
}

function refusalOf(status: number, code: unknown): HistoryAnswer | null {
  if (status === 429 || code === TOO_OFTEN) return { refused: 'too_often', detail: 'asked too often (1008)' }
  if (code === NOT_ENABLED) return { refused: 'not_enabled', detail: NOT_ENABLED_DETAIL }
  if (status === 401 || code === WRONG_SIGNATURE)
    return { refused: 'wrong_secret', detail: 'the signature is wrong (1004): see RONGCLOUD_APPS' }
  if (status >= 500) return { refused: 'unavailable', detail: `status ${status}` }
  if (status === 200 && code === 200) return null
  return { refused: 'other', detail: `status ${status}, code ${typeof code === 'number' ? code : 'none'}` }
}

// Not every answer says which hour it is about.
function isOf(hour: string, date: unknown): boolean {
  return (typeof date !== 'string' && typeof date !== 'number') || String(date) === hour
}

function objectOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
