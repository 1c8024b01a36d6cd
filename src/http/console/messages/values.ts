/** Reads members of content that may be anything; `readable-text.ts` reads the words, this the rest. */
import { memberOf, stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import { flag } from '../../../rongcloud/message-types/shared.ts'
import { toMilliseconds } from '../../../rongcloud/time.ts'

/** A number, or digits: sources disagree (protocol §12). */
export function numberAt(content: unknown, name: string): number | null {
  const member = memberOf(content, name)
  const value = typeof member === 'string' && /^-?\d+(\.\d+)?$/.test(member) ? Number(member) : member
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Ids and codes: some write them as numbers. */
export function idAt(content: unknown, name: string): string | null {
  return stringAt(content, name) ?? numberAt(content, name)?.toString() ?? null
}

/** In milliseconds: ten digits are seconds. */
export function timeAt(content: unknown, name: string): number | null {
  const time = numberAt(content, name)
  return time === null ? null : (toMilliseconds(String(time)) ?? time)
}

/** Set or not, however it is written; null when the content does not say. */
export function flagAt(content: unknown, name: string): boolean | null {
  return flag.safeParse(memberOf(content, name)).data ?? null
}

export function stringsIn(list: readonly unknown[]): string[] {
  return list.filter((each): each is string => typeof each === 'string')
}
