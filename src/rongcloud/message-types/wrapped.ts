// Protocol section 15.2: the app's own messages as RongCloud's wrapper libraries (Flutter, React Native, Unity, uni-app)
// send them. The object name says how RongCloud treats the message, `msgType` which of the app's types it is.
import { z } from 'zod'
import { valuesIn, writeExactly } from './json-values.ts'
import { typesOf } from './message-type.ts'
import type { MessageType, TextFunction } from './message-type.ts'
import { isObject, memberOf, parseJson, stringAt } from './readable-text.ts'
import { contentObject, fromPhp } from './shared.ts'

const fields = z.custom<Readonly<Record<string, string>>>(
  (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
  'expected an object of strings',
)

const wrapped = contentObject({ msgType: z.string(), msgFields: fromPhp(fields) })

/** The app's own members by name, in order, also where they are no strings, or JSON in a string. */
export function wrappedFields(content: unknown): [name: string, value: unknown][] {
  const given = memberOf(content, 'msgFields')
  const value = typeof given === 'string' ? (parseJson(given) ?? given) : given
  if (typeof value === 'object' && value !== null) return Object.entries(value)
  return value === undefined || value === null || value === '' ? [] : [['msgFields', value]]
}

const fieldsText: TextFunction = (content) => valuesIn(writeExactly(memberOf(content, 'msgFields')) ?? '')

export const wrappedTypes: readonly MessageType[] = [
  typesOf('content')('RC:IWNormalMsg', wrapped, fieldsText),
  typesOf('content')('RC:IWStorageMsg', wrapped, fieldsText),
  typesOf('signal')('RC:IWCmdMsg', wrapped, fieldsText),
  typesOf('status')('RC:IWStatusMsg', wrapped, fieldsText),
]

const WRAPPERS: ReadonlySet<string> = new Set(wrappedTypes.map(({ objectName }) => objectName))

/** The app's own name of a message's type, where a wrapper library sent it; null of every other message. */
export function wrappedTypeOf(objectName: string, content: string): string | null {
  return WRAPPERS.has(objectName) ? stringAt(parseJson(content), 'msgType') : null
}
