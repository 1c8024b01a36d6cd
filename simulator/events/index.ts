/** All callbacks that are no messages, by the last part of their address. */
import { callEvents } from './about-calls.ts'
import { messageEvents } from './about-messages.ts'
import { roomEvents } from './about-rooms.ts'
import { serviceEvents } from './about-services.ts'
import { userEvents } from './about-users.ts'
import type { Events } from './event.ts'

export const EVENTS: Events = {
  ...messageEvents,
  ...userEvents,
  ...roomEvents,
  ...callEvents,
  ...serviceEvents,
}
export const EVENT_KINDS: readonly string[] = Object.keys(EVENTS)
