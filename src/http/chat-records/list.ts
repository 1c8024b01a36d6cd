import {
  countRecords,
  findChat,
  listRecords,
  type Chat,
  type ChatRecord,
} from '../../archive/chat-records.ts'
import { toJsonId } from '../../domain/long-id.ts'
import { createCaller } from '../addresses.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { createTimeWriter } from '../time.ts'
import { ChatRecordPage } from './answers.ts'
import { appKeyOf } from '../app-key.ts'
import { listQuery } from './parameters.ts'
import { linksOf, pageOf, setPageHeaders } from './yii-page.ts'

export function listEndpoint(deps: Deps) {
  const { store, settings } = deps
  const caller = createCaller(deps)
  const writeTime = createTimeWriter(settings.timeZone)

  return endpoint({
    method: 'GET',
    path: '/chat-records/list',
    tag: 'chat-records',
    summary: 'Messages between a member and a seller, newest first',
    description:
      'As the member is shown them. Signalling and status types appear only when messageType asks for them.',
    access: { scope: 'read', orMember: true },
    query: listQuery(settings.timeZone),
    answer: { description: 'One page.', schema: ChatRecordPage },
    handle: async ({ c, query }) => {
      const filter = {
        id: query.id,
        objectName: query.messageType,
        fromMs: query.startTime?.fromMs,
        untilMs: query.endTime?.untilMs,
      }
      const { memberId, sellerId } = query
      const chat = await findChat(store, { appKey: appKeyOf(settings, query.appKey), memberId, sellerId })
      const total = chat ? await countRecords(store, chat, filter) : 0
      const page = pageOf(query, total)
      const { offset, perPage: limit } = page
      const records =
        chat && total > 0 ? await listRecords(store, chat, filter, { offset, limit, total }) : []
      const parties = { chat, sellerId, memberId: toJsonId(memberId, query.idsAs ?? settings.idsAs) }
      const links = linksOf(caller.url(c), page, (url) => caller.hrefOf(c, url))
      setPageHeaders(c, page, links)
      return c.json({
        items: records.map((record) => toItem(record, parties, writeTime)),
        _links: links,
        _meta: {
          totalCount: total,
          pageCount: page.pageCount,
          currentPage: page.currentPage,
          perPage: page.perPage,
        },
      })
    },
  })
}

type Parties = { chat: Chat | undefined; sellerId: string; memberId: number | string }

function toItem(
  record: ChatRecord,
  { chat, sellerId, memberId }: Parties,
  writeTime: (ms: number) => string,
) {
  return {
    id: record.id,
    seller_id: sellerId,
    member_id: memberId,
    addtime: writeTime(record.sentAtMs),
    cnt: record.recalled ? '' : record.content,
    messageType: record.objectName,
    sender: record.fromUserId === chat?.memberUserId ? 'member' : 'seller',
    msg_uid: record.msgUID,
    recalled: record.recalled,
  }
}
