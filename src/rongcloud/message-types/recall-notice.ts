import type { JsonObject } from './readable-text.ts'

/**
 * The members of RC:RcNtf by their plain names: the Flutter SDK writes `mOperatorId` (protocol section 15.3). The plain
 * name wins where both are there.
 */
export function membersOfRecallNotice(content: JsonObject): JsonObject {
  const prefixed = Object.entries(content).filter(([name]) => /^m[A-Z]/.test(name))
  const plain = prefixed.map(([name, value]) => [name.charAt(1).toLowerCase() + name.slice(2), value])
  return { ...Object.fromEntries(plain), ...content }
}
