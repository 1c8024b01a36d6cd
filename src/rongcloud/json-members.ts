/** The members of a JSON object, also those that come twice, of which JSON.parse keeps the last alone. */
import { partsOf } from './events/json.ts'
import type { Reviver } from './exact-json.ts'
import { isObject } from './message-types/readable-text.ts'

/** Names in their order, each with its values in theirs; null when it is no JSON object. Never throws. */
export function membersOf(json: string, reviver?: Reviver): Map<string, unknown[]> | null {
  const value = parse(json, reviver)
  if (!isObject(value)) return null
  const parts = partsOf(json)
  const names = Object.keys(value)
  if (parts.length === names.length) return new Map(names.map((name) => [name, [value[name]]]))
  const members = new Map<string, unknown[]>()
  for (const part of parts) {
    const [name, member] = Object.entries(parse(`{${part}}`, reviver) as object)[0] as [string, unknown]
    const known = members.get(name)
    if (known) known.push(member)
    else members.set(name, [member])
  }
  return members
}

function parse(json: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(json, reviver)
  } catch {
    return undefined
  }
}
