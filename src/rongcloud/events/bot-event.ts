// The webhook of bots (机器人, protocol §4.11). Its read events are the only receipts that come as a callback.
import { readElement } from './body.ts'
import type { EventType } from './event-type.ts'
import { id, maybe, members, object, time } from './members.ts'

const schema = members({
  type: id,
  timestamp: time,
  bot: members({ userId: id }),
  data: maybe(object),
})

export const botEvent: EventType = {
  schema,
  // What `data` holds depends on the type and is documented for messages only.
  identity: null,
  occurredAt: ['timestamp'],
  userId: ['data.fromUserId', 'data.userId', 'bot.userId'],
  targetId: ['data.groupId', 'data.toUserId'],
  msgUID: ['data.msgUID', 'data.messageUID', 'data.messageId'],
  line: (textAt) => textAt('type') ?? 'unknown type',
}

export type BotEvent = {
  /** Such as `message:private`, `message:group_read`, `group:bot_join`. */
  type: string
  atMs: number
  botUserId: string
  /** Whole numbers that JavaScript would round are texts. */
  data: Record<string, unknown>
}

/** @returns null when the body of the event does not fit */
export function readBotEvent(body: string): BotEvent | null {
  const { data } = schema.safeParse(readElement(body))
  if (!data) return null
  return { type: data.type, atMs: data.timestamp, botUserId: data.bot.userId, data: data.data ?? {} }
}
