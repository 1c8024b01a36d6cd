// Online status (在线状态订阅, protocol §4.1).
import type { z } from 'zod'
import { readElement } from './body.ts'
import { nameOf, type EventType } from './event-type.ts'
import { code, id, maybe, members, text, time } from './members.ts'

const STATUS = ['online', 'offline', 'logout'] as const

const schema = members({
  userid: id,
  status: code(0, 1, 2),
  os: maybe(text),
  time,
  clientIp: maybe(text),
  sessionId: maybe(text),
})

export const onlineStatus: EventType = {
  schema,
  identity: ['userid', 'sessionId', 'status', 'time', 'os', 'clientIp'],
  occurredAt: ['time'],
  userId: ['userid'],
  line: (textAt) => `${nameOf(STATUS, textAt('status'))} on ${textAt('os') ?? 'unknown'}`,
}

export type OnlineStatus = {
  userId: string
  /** Tells the devices of one user apart: the user is offline when all of their sessions are. */
  sessionId: string | null
  status: (typeof STATUS)[number]
  os: string | null
  atMs: number
  /** `ip:port` */
  clientIp: string | null
}

/** @returns null when the body of the event does not fit */
export function readOnlineStatus(body: string): OnlineStatus | null {
  const { data } = schema.safeParse(readElement(body))
  return data ? toOnlineStatus(data) : null
}

function toOnlineStatus(element: z.infer<typeof schema>): OnlineStatus {
  return {
    userId: element.userid,
    sessionId: element.sessionId,
    status: STATUS[element.status],
    os: element.os,
    atMs: element.time,
    clientIp: element.clientIp,
  }
}
