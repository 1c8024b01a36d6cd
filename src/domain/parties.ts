/**
 * Members and sellers (design §7): the REST contract speaks of `memberId` and `sellerId`, RongCloud of user
 * ids. Two templates such as `u{id}` and `shop_{id}` translate both ways.
 */
import type { ConversationKey } from './conversation.ts'
import { isOneToOne } from './channel-type.ts'
import { isLongId, type LongId } from './long-id.ts'

const HOLE = '{id}'

/** Templates, each with exactly one `{id}`. */
export type PartyTemplates = { member: string; seller: string }

/** A member and a seller, by both their names. */
export type Pair = { memberId: LongId; sellerId: string; memberUserId: string; sellerUserId: string }

export type Party = { role: 'member'; memberId: LongId } | { role: 'seller'; sellerId: string }

export function isTemplate(template: string): boolean {
  return template.split(HOLE).length === 2
}

/** The user ids that these ids name, one for each given. */
export function userIdsOf(
  templates: PartyTemplates,
  { memberId, sellerId }: { memberId?: LongId | undefined; sellerId?: string | undefined },
): string[] {
  return [
    ...(memberId === undefined ? [] : [fill(templates.member, memberId)]),
    ...(sellerId === undefined ? [] : [fill(templates.seller, sellerId)]),
  ]
}

/** The pair that these ids name, or null when RongCloud's ids would not be read back as this pair. */
export function pairOfIds(templates: PartyTemplates, memberId: LongId, sellerId: string): Pair | null {
  const memberUserId = fill(templates.member, memberId)
  const sellerUserId = fill(templates.seller, sellerId)
  const member = partyOf(templates, memberUserId)
  const seller = partyOf(templates, sellerUserId)
  if (member?.role !== 'member' || member.memberId !== memberId || seller?.role !== 'seller') return null
  return { memberId, sellerId, memberUserId, sellerUserId }
}

/** The pair of a one-to-one conversation between one member and one seller; null for any other. */
export function pairOfConversation(templates: PartyTemplates, key: ConversationKey): Pair | null {
  if (!isOneToOne(key.channelType)) return null
  const one = partyOf(templates, key.userId)
  const other = partyOf(templates, key.targetId)
  if (one?.role === 'member' && other?.role === 'seller')
    return { ...pick(one, other), memberUserId: key.userId, sellerUserId: key.targetId }
  if (one?.role === 'seller' && other?.role === 'member')
    return { ...pick(other, one), memberUserId: key.targetId, sellerUserId: key.userId }
  return null
}

function pick(member: Party & { role: 'member' }, seller: Party & { role: 'seller' }) {
  return { memberId: member.memberId, sellerId: seller.sellerId }
}

/**
 * Who a user is; null when neither template fits. A member first: with both templates `{id}`, a number is a member and
 * everything else a seller.
 */
export function partyOf(templates: PartyTemplates, userId: string): Party | null {
  const memberId = idIn(templates.member, userId)
  if (memberId !== null && isLongId(memberId)) return { role: 'member', memberId }
  const sellerId = idIn(templates.seller, userId)
  return sellerId ? { role: 'seller', sellerId } : null
}

function fill(template: string, id: string): string {
  const [before, after] = halves(template)
  return before + id + after
}

function idIn(template: string, userId: string): string | null {
  const [before, after] = halves(template)
  const fits =
    userId.length >= before.length + after.length && userId.startsWith(before) && userId.endsWith(after)
  return fits ? userId.slice(before.length, userId.length - after.length) : null
}

function halves(template: string): [string, string] {
  const [before = '', after = ''] = template.split(HOLE)
  return [before, after]
}
