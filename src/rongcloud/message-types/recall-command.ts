// RC:RcCmd (protocol section 5.5). The documents write `MessageUId`, the SDKs `messageUId`, the broadcast template
// `uId`; numbers and flags come as text too. Parsing gives one spelling and one type for each.
import { z } from 'zod'
import { isObject } from './readable-text.ts'
import { contentObject, maybeFlag, whole } from './shared.ts'

const id = z.union([z.string(), z.number().transform(String)], 'expected a string')

const members = {
  messageUId: id,
  conversationType: whole,
  targetId: id,
  channelId: id.nullish(),
  sentTime: whole,
  isAdmin: maybeFlag,
  isDelete: maybeFlag,
  directionalUserIdList: z.array(id).nullish(),
  originalFromUserId: id.nullish(),
}

const spellings = new Map([
  ...[...Object.keys(members), 'extra', 'user'].map((name) => [name.toLowerCase(), name] as const),
  ['uid', 'messageUId'] as const,
])

/** The right spelling wins where a member is there twice. */
function withSdkSpelling(content: unknown): unknown {
  if (!isObject(content)) return content
  const asWritten = Object.entries(content)
  const respelled = asWritten.map(([key, value]) => [spellings.get(key.toLowerCase()) ?? key, value] as const)
  return Object.fromEntries([...respelled, ...asWritten])
}

export const recallCommand = z.preprocess(withSdkSpelling, contentObject(members))
