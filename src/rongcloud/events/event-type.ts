// What this folder says about one kind of callback; the files of declarations are made of these.
import type { z } from 'zod'

/** The names of the callback addresses under /callbacks/, but for that of the messages themselves. */
export const EVENT_KINDS = [
  'pre-messages',
  'message-operations',
  'online-status',
  'chatroom-status',
  'chatroom-kv',
  'user-deactivations',
  'audit-results',
  'hosted-moderation',
  'group-info',
  'group-operations',
  'user-profiles',
  'friends',
  'bots',
  'rtc-rooms',
  'rtc-recordings',
  'rtc-players',
  'rtc-cdn-pushes',
  'rtc-screenshots',
  'rtc-moderation',
  'public-service',
] as const

export type EventKind = (typeof EVENT_KINDS)[number]

/** One thing that happened; a body may carry several. */
export type CallbackEvent = {
  kind: EventKind
  /** As received: the source text of the JSON element, to the character; of a form or of XML the whole body. */
  body: string
  /** What makes a second delivery the same event, as JSON; null when only the body itself can tell. */
  identity: string | null
  /** When it happened; null when the body does not say. */
  occurredAtMs: number | null
  /** Who did it or whom it is about; null when there is none or more than one. */
  userId: string | null
  /** The group, room or peer it is about. */
  targetId: string | null
  msgUID: string | null
  /** Why the element does not fit its kind. It is an event all the same. */
  problem: string | null
}

/** Where to look for something: member names joined by dots, the first that is there counts. */
type Paths = readonly string[]

export type EventType = {
  /** Judges an element. Members it does not name are welcome. */
  readonly schema: z.ZodType
  /**
   * The members that tell two events apart, all of them, each a value or a flat list; null when an event has no other
   * identity than its body. Without the first of them it has none either.
   */
  readonly identity: Paths | null
  readonly occurredAt: Paths
  readonly userId?: Paths
  readonly targetId?: Paths
  readonly msgUID?: Paths
  /** Where the body names its app, for a callback whose signature does not. */
  readonly appKey?: string
  /** What happened, in a few words. It is asked of elements that fit, and handed a reader of their members as text. */
  readonly line: (textAt: (path: string) => string | null) => string
}

/** For lines: what a number written as text stands for; the number where there is no name. A list counts from 0. */
export function nameOf(names: Readonly<Record<number, string>>, number: string | null): string {
  if (number === null) return 'unknown'
  return names[Number(number)] || `unknown ${number}`
}
