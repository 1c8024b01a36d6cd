import { isKnownObjectName } from './catalogue.ts'
import { wrappedTypeOf } from './wrapped.ts'

// Longer ones are no names of types, nor are those with what no database gives back.
const LONGEST_NAME = 128
const CONTROL = /\p{Cc}/u

/**
 * Whether a message is of a type that this program does not know: '' when its object name says so, the app's own name of
 * the type when a wrapper library sent it, null when the type is known.
 */
export function unknownTypeOf(objectName: string, content: string): string | null {
  if (!isKnownObjectName(objectName)) return ''
  const name = wrappedTypeOf(objectName, content)
  return name !== null && isPrintable(name) ? name : null
}

function isPrintable(name: string): boolean {
  return name.length <= LONGEST_NAME && name.isWellFormed() && !CONTROL.test(name)
}
