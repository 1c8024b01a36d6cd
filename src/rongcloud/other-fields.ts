/** What a form holds besides the columns of a message: kept, for RongCloud may add names at any time. */
import type { Form } from './form.ts'

// RongCloud sends these empty when they do not apply, which says no more than leaving them out.
const EMPTY_SAYS_NOTHING = new Set([
  'busChannel',
  'originalMsgUID',
  'aiGenerated',
  'sensitiveType',
  'msgTimestamp',
])

/**
 * @param inColumns names whose first value is kept elsewhere
 * @returns a JSON object, its names sorted so that the same fields give the same text; null when empty.
 *   A value is a string, or a list of strings where a name came more than once; `groupUserIds` is always a list.
 */
export function otherFieldsOf(form: Form, inColumns: ReadonlySet<string>): string | null {
  const entries: [string, string | readonly string[]][] = []
  for (const [name, values] of form.values) {
    const value = valueOf(name, values, inColumns)
    if (value !== undefined) entries.push([name, value])
  }
  if (entries.length === 0) return null
  return JSON.stringify(Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))))
}

function valueOf(name: string, values: readonly string[], inColumns: ReadonlySet<string>) {
  if (name === 'groupUserIds') return nonEmpty(values.flatMap(toUserIds))
  if (inColumns.has(name)) return nonEmpty(values.slice(1))
  if (values.length > 1) return values
  return values[0] === '' && EMPTY_SAYS_NOTHING.has(name) ? undefined : values[0]
}

/** `[543,567]`, `["543","567"]` and `543,567` (protocol §2.2); ids stay text, for `007` is not `7`. */
function toUserIds(text: string): string[] {
  const inner = text.trim().replace(/^\[/, '').replace(/\]$/, '')
  return inner
    .split(',')
    .map((id) => id.trim().replace(/^"(.*)"$/, '$1'))
    .filter((id) => id !== '')
}

function nonEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length > 0 ? values : undefined
}
