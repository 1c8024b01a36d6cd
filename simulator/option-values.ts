/** What options may be; commander puts the option's name before what is said here. */
import { InvalidArgumentError } from 'commander'
import { isTemplate } from '../src/domain/parties.ts'

export const whole = (least: number, most: number) => (text: string) => {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
}

export function positive(text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It must be a number above 0.')
}

export function time(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (ms >= 0) return ms
  throw new InvalidArgumentError('It must be a time such as 2025-06-01 or 2025-06-01T09:00:00+08:00.')
}

export function template(text: string): string {
  if (isTemplate(text)) return text
  throw new InvalidArgumentError('It must contain {id} exactly once.')
}

export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username) return url
  throw new InvalidArgumentError('It must be an http or https address without user, query or fragment.')
}
