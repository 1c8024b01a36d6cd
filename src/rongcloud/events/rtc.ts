// Calls and broadcasts (音视频, protocol §4.5, §4.12, §15.7): six callbacks, each with an address of its own. What an element
// is about is seen in its members, so that one sent to another of the six addresses is understood all the same.
import { nameOf, type EventType } from './event-type.ts'
import { id, maybe, maybeTime, members, text } from './members.ts'

const ROOM_EVENT = {
  1: 'periodic report',
  2: 'room created',
  3: 'room destroyed',
  11: 'joined',
  12: 'left',
  20: 'resources changed',
}

const CONNECTION_LOST = '3'

/** By the member that tells a callback from the others: what its `type` means. */
const TOLD_BY = {
  recordId: { 1: 'recording started', 2: 'segment recorded', 3: 'recording ended', 4: 'recording uploaded' },
  rtmpUrl: {
    1: 'player started',
    2: 'player ended',
    3: 'player could not start',
    4: 'player reconnects',
    5: 'player published',
  },
  pushUrl: { 1: 'CDN push started', 2: 'CDN push ended', 3: 'CDN push changed', 4: 'CDN push failed' },
  imageId: { 1: 'screenshots started', 3: 'screenshots ended', 4: 'screenshot uploaded' },
  // Others have a code too, and are told by what stands above.
  code: {
    1: 'moderation started',
    2: 'moderation ended',
    3: 'moderation failed',
    4: 'moderation result',
  },
}

const structure = members({
  appKey: maybe(id),
  // Version 1.0 of the room events calls it a channel.
  roomId: maybe(id),
  channelId: maybe(id),
  userId: maybe(id),
  sessionId: maybe(text),
  event: maybe(text),
  type: maybe(text),
  timestamp: maybeTime,
  exitType: maybe(text),
})

export const rtcEvent: EventType = {
  schema: structure.refine(({ roomId, channelId }) => (roomId ?? channelId) !== null, {
    path: ['roomId'],
    error: 'expected an id',
  }),
  // Two segments or uploads of one millisecond may differ in nothing but what they say; a retry has the same body.
  identity: null,
  occurredAt: ['timestamp', 'content.timestamp'],
  userId: ['userId'],
  targetId: ['roomId', 'channelId'],
  appKey: 'appKey',
  line: (textAt) => {
    const event = textAt('event')
    if (event !== null) return roomLine(event, textAt('exitType'))
    const told = Object.entries(TOLD_BY).find(([member]) => textAt(member) !== null)
    return nameOf(told?.[1] ?? {}, textAt('type'))
  },
}

function roomLine(event: string, exitType: string | null): string {
  const line = nameOf(ROOM_EVENT, event)
  return event === '12' && exitType === CONNECTION_LOST ? `${line}: connection lost` : line
}
