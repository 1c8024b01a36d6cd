import { readBody } from './body.ts'
import { EVENT_TYPES } from './catalogue.ts'
import type { EventKind } from './event-type.ts'
import { memberAt } from './members.ts'

/**
 * The app key of a callback that names its app in the body alone, as the pre-message callback and those of calls do;
 * undefined of every other, whose body is not even looked at. Cheap, and never throws.
 */
export function bodyAppKeyOf(kind: EventKind, body: Uint8Array): string | undefined {
  const { appKey: path } = EVENT_TYPES[kind]
  if (path === undefined) return undefined
  const read = readBody(body)
  const appKey = 'elements' in read ? memberAt(read.elements[0]?.value, path) : undefined
  return typeof appKey === 'string' && appKey !== '' ? appKey : undefined
}
