import { listChats, type ChatLine } from '../../archive/chat-records.ts'
import { toJsonId } from '../../domain/long-id.ts'
import { createCaller } from '../addresses.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { createTimeWriter } from '../time.ts'
import { ChatList } from './answers.ts'
import { appKeyOf } from '../app-key.ts'
import { ChatListQuery } from './parameters.ts'
import { linksOf, pageOf, setPageHeaders, wholePage } from './yii-page.ts'

export function chatListEndpoint(deps: Deps) {
  const { store, settings } = deps
  const caller = createCaller(deps)
  const writeTime = createTimeWriter(settings.timeZone)

  return endpoint({
    method: 'GET',
    path: '/chat-records/chat-list',
    tag: 'chat-records',
    summary: 'The chats of a member, one line per seller, newest first',
    description:
      'Each by the newest message that list shows the member. All of them unless page or pageSize is given.',
    access: { scope: 'read', orMember: true },
    query: ChatListQuery,
    answer: { description: 'The lines; paging facts are in the headers.', schema: ChatList },
    handle: async ({ c, query }) => {
      const chats = await listChats(store, appKeyOf(settings, query.appKey), query.memberId)
      const paged = query.page !== undefined || query.pageSize !== undefined
      const page = paged ? pageOf(query, chats.length) : wholePage(chats.length)
      setPageHeaders(
        c,
        page,
        linksOf(caller.url(c), page, (url) => caller.hrefOf(c, url)),
      )
      const memberId = toJsonId(query.memberId, query.idsAs ?? settings.idsAs)
      const lines = chats.slice(page.offset, page.offset + page.perPage)
      return c.json(lines.map((line) => toLine(line, memberId, writeTime)))
    },
  })
}

function toLine(line: ChatLine, memberId: number | string, writeTime: (ms: number) => string) {
  return {
    id: line.id,
    seller_id: line.sellerId,
    member_id: memberId,
    addtime: writeTime(line.sentAtMs),
    cnt: line.recalled ? '' : line.content,
    messageType: line.objectName,
    shop_name: line.shopName,
    logo: line.logo,
  }
}
