/** What follows from events: changes of messages, where users are online, and what groups are called. */
import type { GroupName } from '../archive/group-names.ts'
import type { Session } from '../archive/sessions.ts'
import type { MessageChange } from '../domain/message-change.ts'
import { changesOfAudit, changesOfBotEvent, changesOfOperation } from '../rongcloud/changes/index.ts'
import {
  readAuditResult,
  readBotEvent,
  readGroupNaming,
  readMessageOperation,
  readOnlineStatus,
  type CallbackEvent,
  type EventKind,
  type OnlineStatus,
} from '../rongcloud/events/index.ts'

type Source = { appKey: string; receivedAtMs: number }

export function changesIn(events: readonly CallbackEvent[], source: Source): MessageChange[] {
  return events.flatMap(({ kind, body }) => CHANGES_OF[kind]?.(body, source) ?? [])
}

export function sessionsIn(events: readonly CallbackEvent[]): Session[] {
  return events.flatMap(({ kind, body }) => {
    const status = kind === 'online-status' ? readOnlineStatus(body) : null
    return status ? [toSession(status)] : []
  })
}

const NAMING_KINDS: ReadonlySet<EventKind> = new Set(['group-info', 'group-operations'])

export function groupNamesIn(events: readonly CallbackEvent[]): GroupName[] {
  return events.flatMap(({ kind, body }) => {
    const naming = NAMING_KINDS.has(kind) ? readGroupNaming(body) : null
    return naming ? [{ ...naming, groupId: naming.groupId.toWellFormed() }] : []
  })
}

const CHANGES_OF: Partial<Record<EventKind, (body: string, source: Source) => MessageChange[]>> = {
  'message-operations': (body, { appKey }) => {
    const operation = readMessageOperation(body)
    return operation ? changesOfOperation(operation, appKey) : []
  },
  'audit-results': (body, { appKey, receivedAtMs }) => {
    const result = readAuditResult(body)
    return result ? changesOfAudit(result, appKey, receivedAtMs) : []
  },
  bots: (body, { appKey }) => {
    const event = readBotEvent(body)
    return event ? changesOfBotEvent(event, appKey) : []
  },
}

// A lone surrogate is no character: the database would not give it back.
function toSession(status: OnlineStatus): Session {
  return {
    userId: status.userId.toWellFormed(),
    sessionId: status.sessionId?.toWellFormed() ?? '',
    status: status.status,
    os: status.os?.toWellFormed() ?? null,
    clientIp: status.clientIp?.toWellFormed() ?? null,
    atMs: status.atMs,
  }
}
