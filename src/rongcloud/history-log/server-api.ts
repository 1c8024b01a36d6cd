/** RongCloud's server API as far as history logs need it (protocol §7.1 and §7.3). */
import type { AllowedHosts } from '../../domain/allowed-hosts.ts'
import { BEIJING, UTC, type LogZone } from '../../domain/log-zone.ts'
import {
  refusalOf,
  signedRequest,
  type Refused,
  type SignedRequest,
  type Signing,
} from '../server-request.ts'

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
  domains: [],
  builtIn: VENDOR_DOMAINS,
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
  return { hosts: [setting.replace(/\/+$/, '')], logZone: logZoneAt(url), reaches }
}

/** That of the data centre whose host it is; of an unknown host Beijing's. */
function logZoneAt({ hostname }: URL): LogZone {
  const isHere = ({ hosts }: { hosts: readonly string[] }) => hosts.includes(`https://${hostname}`)
  return Object.values(DATA_CENTRES).find(isHere)?.logZone ?? BEIJING
}

export const HISTORY_PATH = '/message/history.json'

/** @param hour as `writeHour` writes it */
export function historyRequest(signing: Signing, hour: string): SignedRequest {
  const body = new URLSearchParams({ date: hour }).toString()
  return signedRequest(signing, 'application/x-www-form-urlencoded', body)
}

/** `url` null: there was no message in that hour, or there is no file yet. */
export type HistoryAnswer = { url: string | null } | Refused

export const NOT_ENABLED_DETAIL = "the app's history logs are not enabled (1009)"

export function readHistoryAnswer(status: number, body: string, hour: string): HistoryAnswer {
  const { code, url, date } = objectOf(body)
  const refusal = refusalOf(status, code, NOT_ENABLED_DETAIL)
  if (refusal) return refusal
  if (!isOf(hour, date)) return { refused: 'other', detail: 'an answer for another hour' }
  return { url: typeof url === 'string' && url !== '' ? url : null }
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
