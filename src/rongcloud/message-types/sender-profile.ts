import { memberOf, parseJson, stringAt } from './readable-text.ts'

type SenderProfile = {
  readonly name: string | null
  readonly portrait: string | null
}

/**
 * What the sender's own message says about them: its member `user` (protocol section 5.1), where older clients
 * write `portraitUri` or `icon` for `portrait`. Null when there is neither a name nor a portrait, or when it is
 * about somebody else.
 */
export function senderProfileOf(content: string, fromUserId: string): SenderProfile | null {
  // Most messages carry no such member, and this runs for every one of them.
  if (!content.includes('"user"')) return null
  const user = memberOf(parseJson(content), 'user')
  if ((stringAt(user, 'id') ?? fromUserId) !== fromUserId) return null
  const name = stringAt(user, 'name')
  const portrait = stringAt(user, 'portrait') ?? stringAt(user, 'portraitUri') ?? stringAt(user, 'icon')
  return name === null && portrait === null ? null : { name, portrait }
}
