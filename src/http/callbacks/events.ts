import type { Context } from 'hono'
import { factsOf } from '../../domain/errors.ts'
import { answerOf, type EventKind } from '../../rongcloud/events/index.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { requestOf } from '../errors.ts'
import { answerRongCloud } from '../safe-headers.ts'
import type { Reception } from './reception.ts'

const SUMMARIES = {
  'pre-messages': 'May this message be sent? Always yes (消息回调服务)',
  'message-operations': 'Messages recalled or deleted (消息操作状态同步)',
  'online-status': 'Users going online and offline (在线状态订阅)',
  'chatroom-status': 'Chat rooms made and ended, joined and left (聊天室状态同步)',
  'chatroom-kv': 'Attributes of chat rooms (聊天室属性同步)',
  'user-deactivations': 'Users deactivated and reactivated (用户注销)',
  'audit-results': 'Results of moderation (审核结果回调)',
  'hosted-moderation': 'Results of moderating hosted profiles (托管信息审核结果)',
  'group-info': 'Profiles of hosted groups (托管群组资料变更)',
  'group-operations': 'Operations on hosted groups (托管群组操作)',
  'user-profiles': 'Profiles of hosted users (用户信息托管)',
  friends: 'Hosted friendships (好友信息托管)',
  bots: 'What a bot is told (机器人)',
  'rtc-rooms': 'Rooms of calls and broadcasts (音视频房间状态同步)',
  'rtc-recordings': 'Recordings of calls and broadcasts (云端录制状态回调)',
  'rtc-players': 'Streams played into rooms (云播放器状态回调)',
  'rtc-cdn-pushes': 'Broadcasts pushed to a CDN (CDN 推流状态回调)',
  'rtc-screenshots': 'Screenshots of calls and broadcasts (云端截图状态回调)',
  'rtc-moderation': 'Moderation of calls and broadcasts (音视频审核状态回调)',
  'public-service': 'Public services, the oldest family (公众服务)',
} as const satisfies Record<EventKind, string>

const STORED =
  'JSON, a form or XML, one event or a list, signed in the query or the headers. 200 means stored durably; what ' +
  'cannot be read is kept aside and answered 200 too. 401: not signed by one of our apps. 503: try again.'

const AT_ONCE =
  'A person waits to send: the answer is `{"pass":1}` at once, and the copy is stored after it. ' +
  '401: not signed by one of our apps.'

export function eventCallback({ afterAnswer, log }: Deps, { hold, keep }: Reception, kind: EventKind) {
  const { body, contentType } = answerOf(kind)
  const waits = kind !== 'pre-messages'

  return endpoint({
    method: 'POST',
    path: `/callbacks/${kind}`,
    tag: 'callbacks',
    summary: SUMMARIES[kind],
    description: waits ? STORED : AT_ONCE,
    access: 'rongcloud',
    answer: { description: waits ? 'Stored; the body says nothing.' : 'Let it be sent.', contentType },
    handle: async ({ c }) => {
      const kept = keep(c, await hold(c, kind), !waits)
      if (waits) await kept
      else
        afterAnswer(
          c,
          kept.catch((error: unknown) => lost(c, error)),
        )
      return answerRongCloud(c, body, contentType)
    },
  })

  // Nobody tries it again: the answer has gone out.
  function lost(c: Context, error: unknown) {
    log.error('callback not stored after its answer', { ...requestOf(c), kind, ...factsOf(error) })
  }
}
