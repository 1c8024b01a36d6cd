// Recalls and receipts that a bot is told of (protocol section 4.11). Only the names of these events are documented, so
// everything is read that the neighbouring callbacks would lead one to expect.
import { createChange, type MessageChange } from '../../domain/message-change.ts'
import type { BotEvent } from '../events/bot-event.ts'
import { memberOf, stringAt } from '../message-types/readable-text.ts'
import { conversationNamed } from './named-conversation.ts'
import { readRecallCommand } from './recall.ts'
import { uidIn } from './uid.ts'

const ABOUT_A_MESSAGE = /^message:(private|group)\w*_(recall|read)$/

export function changesOfBotEvent(event: BotEvent, appKey: string): MessageChange[] {
  const [, place, what] = ABOUT_A_MESSAGE.exec(event.type) ?? []
  const command = commandIn(event.data)
  const msgUID = command?.messageUId ?? uidIn(event.data)
  if (!place || msgUID === null) return []
  const facts = {
    appKey,
    msgUID,
    upToMs: null,
    conversation: conversationOf(event, appKey, place === 'private'),
    byUserId: userOf(event.data) ?? '',
    atMs: event.atMs,
  }
  if (what === 'read') return [createChange({ ...facts, kind: 'read', data: null })]
  const flags = { isAdmin: command?.isAdmin ?? false, isDelete: command?.isDelete ?? false }
  return [createChange({ ...facts, kind: 'recall', data: flags })]
}

/** The command that recalls has a uid too, which is not that of the recalled message. */
function commandIn(data: unknown) {
  return memberOf(data, 'objectName') === 'RC:RcCmd' ? readRecallCommand(memberOf(data, 'content')) : null
}

function userOf(data: unknown): string | null {
  return stringAt(data, 'fromUserId') ?? stringAt(data, 'userId')
}

/** Null when it is not all named: RongCloud tells these itself, so the message's uid will do. */
function conversationOf({ data, botUserId }: BotEvent, appKey: string, isPrivate: boolean) {
  const [user, named] = [userOf(data), stringAt(data, 'targetId') ?? stringAt(data, 'toUserId')]
  // An event of a group is sent to the bot, which is not the group.
  const group = stringAt(data, 'groupId') ?? (named === botUserId ? null : named)
  const [one = null, other = null] = new Set([user, named, botUserId].filter((id) => id !== null))
  const given = memberOf(data, 'channelType')
  const usual = isPrivate ? 'PERSON' : 'GROUP'
  return conversationNamed({
    appKey,
    conversationType: typeof given === 'string' || typeof given === 'number' ? given : usual,
    fromUserId: one,
    targetId: isPrivate ? other : group,
    busChannel: stringAt(data, 'busChannel'),
  })
}
