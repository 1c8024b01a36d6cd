import {
  countRecords,
  findChat,
  listRecords,
  withContents,
  type Chat,
  type ChatRecord,
  type ListedRecord,
} from '../../archive/chat-records.ts'
import { factsOf } from '../../domain/errors.ts'
import { toJsonId } from '../../domain/long-id.ts'
import { createCaller } from '../addresses.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { createTimeWriter } from '../time.ts'
import { ChatRecordPage } from './answers.ts'
import { appKeyOf } from '../app-key.ts'
import { requestOf } from '../errors.ts'
import { streamOf } from '../stream.ts'
import { listQuery } from './parameters.ts'
import { linksOf, pageOf, setPageHeaders } from './yii-page.ts'

export function listEndpoint(deps: Deps) {
  const { store, settings, log, inTurn } = deps
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
      const { pageCount, currentPage, perPage } = page
      const facts = { _links: links, _meta: { totalCount: total, pageCount, currentPage, perPage } }
      const itemOf = (record: ChatRecord) => toItem(record, parties, writeTime)
      if (records.every(hasContent)) return c.json({ items: records.map(itemOf), ...facts })
      const written = (part: readonly ChatRecord[]) =>
        part.map((record) => JSON.stringify(itemOf(record))).join(',')
      c.header('Content-Type', 'application/json')
      return c.body(
        streamOf(listWritten(withContents(store, records), written, facts), {
          inTurn,
          onError: (error) => log.error('a page broke off', { ...requestOf(c), ...factsOf(error) }),
        }),
      )
    },
  })
}

function hasContent(record: ListedRecord): record is ListedRecord & { content: string } {
  return record.content !== null
}

/** `{items, …facts}` as JSON, part by part: a page of long records is larger than may be held at once. */
async function* listWritten(
  parts: AsyncIterable<readonly ChatRecord[]>,
  written: (part: readonly ChatRecord[]) => string,
  facts: object,
): AsyncGenerator<string> {
  let before = '{"items":['
  for await (const part of parts) {
    yield before + written(part)
    before = ','
  }
  yield `${before === ',' ? '' : before}],${JSON.stringify(facts).slice(1)}`
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
