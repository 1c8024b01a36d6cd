/** From what is asked for to the pages of a file and how they are written; the same for the API and the command. */
import { z } from 'zod'
import { findChat } from '../../archive/chat-records.ts'
import { findConversation } from '../../archive/conversations.ts'
import {
  exportNarrowed,
  exportWhole,
  isWhole,
  type ExportFilter,
  type ExportPage,
  type ExportPosition,
} from '../../archive/export.ts'
import { findNames } from '../../archive/profiles.ts'
import type { Store } from '../../archive/store.ts'
import { CHANNEL_TYPES } from '../../domain/channel-type.ts'
import { ArchiveError, invalidFields } from '../../domain/errors.ts'
import { toJsonId } from '../../domain/long-id.ts'
import { ORIGINS } from '../../domain/message.ts'
import { partyOf } from '../../domain/parties.ts'
import { cursorOf } from '../api/cursor.ts'
import { appKeyOf } from '../app-key.ts'
import { usersOf } from '../console/conversation-names.ts'
import type { PageView } from '../console/page-view.ts'
import { pageWordsOf } from '../console/pages/words.ts'
import { createView } from '../console/view.ts'
import type { Language } from '../console/words.ts'
import type { Settings } from '../deps.ts'
import { integer, longId, optional, text } from '../parameters.ts'
import { spanParameters } from '../span.ts'
import { createTimeWriter } from '../time.ts'
import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { htmlFile } from './html.ts'
import { ndjson } from './ndjson.ts'

export const EXPORT_FORMATS = ['ndjson', 'csv', 'html'] as const
const LANGUAGES = ['zh', 'en'] as const

const arrived = z.tuple([z.int(), z.int()])
const sent = z.tuple([z.int(), z.string(), z.string()])

export const exportQuery = (timeZone: string) =>
  z.strictObject({
    format: optional(z.enum(EXPORT_FORMATS, { error: `must be one of ${EXPORT_FORMATS.join(', ')}` })).meta({
      description: 'ndjson (the usual) is whole and can be imported; csv is for spreadsheets, html to read.',
    }),
    appKey: optional(text),
    conversationId: optional(integer),
    memberId: optional(longId).meta({
      description: 'With sellerId: all that the two wrote to each other.',
    }),
    sellerId: optional(text),
    channelType: optional(text).meta({ description: `One of ${CHANNEL_TYPES.join(', ')}, or a newer one.` }),
    userId: optional(text).meta({
      description: 'Sent by this user, or to them in a one-to-one conversation.',
    }),
    objectName: optional(text).meta({ example: 'RC:TxtMsg' }),
    ...spanParameters(timeZone),
    origin: optional(z.enum(ORIGINS, { error: `must be one of ${ORIGINS.join(', ')}` })),
    after: cursorOf(z.union([arrived, sent])).meta({
      description: 'Where a file that was cut ends: the last `next` or `after` in it.',
    }),
    lang: optional(z.enum(LANGUAGES, { error: 'must be zh or en' })).meta({
      description: 'Of an html file.',
    }),
  })

export type ExportQuery = z.output<ReturnType<typeof exportQuery>>

export type ExportPlan = {
  format: Format
  name: string
  pages: AsyncIterable<ExportPage>
  /** Nothing narrows it. */
  isWhole: boolean
}

type PlanDeps = { store: Store; settings: Pick<Settings, 'apps' | 'templates' | 'timeZone'> }

/** @throws ArchiveError `invalid_request` or `not_found` */
export async function planExport(deps: PlanDeps, query: ExportQuery): Promise<ExportPlan> {
  const format = query.format ?? 'ndjson'
  const filter = await filterOf(deps, query)
  const name = `archive${query.conversationId === undefined ? '' : `-${query.conversationId}`}.${format}`
  return {
    format: await formatOf(deps, query, filter),
    name,
    pages: pagesOf(deps, query, filter),
    isWhole: isWhole(filter) && filter.appKey === undefined && query.after === undefined,
  }
}

async function filterOf({ store, settings }: PlanDeps, query: ExportQuery): Promise<ExportFilter> {
  const { memberId, sellerId, ...filter } = narrowingOf(query)
  if (memberId === undefined && sellerId === undefined) return filter
  if (memberId === undefined || sellerId === undefined)
    throw invalidFields([
      { field: memberId === undefined ? 'memberId' : 'sellerId', message: 'is required with the other' },
    ])
  const chat = await findChat(store, { appKey: appKeyOf(settings, query.appKey), memberId, sellerId })
  if (!chat) throw new ArchiveError('not_found', `member ${memberId} and seller ${sellerId} have no messages`)
  return { ...filter, conversationIds: chat.conversations.map(({ id }) => id) }
}

/** What narrows the file, as it was asked for. */
function narrowingOf(query: ExportQuery) {
  const { startTime, endTime, format: _, after: __, lang: ___, ...same } = query
  return { ...same, fromMs: startTime?.fromMs, untilMs: endTime?.untilMs }
}

function pagesOf({ store }: PlanDeps, query: ExportQuery, filter: ExportFilter): AsyncIterable<ExportPage> {
  const after = positionOf(query.after)
  const isOfArrival = after !== null && 'messageId' in after
  if (isWhole(filter)) {
    if (after === null || isOfArrival) return exportWhole(store, filter, after)
  } else if (!isOfArrival) {
    const withChanges = (query.format ?? 'ndjson') === 'ndjson'
    return exportNarrowed(store, filter, { after, withChanges })
  }
  throw invalidFields([{ field: 'after', message: 'is of an export with other filters' }])
}

function positionOf(after: ExportQuery['after']): ExportPosition | null {
  if (!after) return null
  if (after.length === 2) return { messageId: after[0], changeId: after[1] }
  return { sentAtMs: after[0], appKey: after[1], msgUID: after[2] }
}

async function formatOf(deps: PlanDeps, query: ExportQuery, filter: ExportFilter): Promise<Format> {
  if (query.format === 'html') return htmlOf(deps, query, filter)
  if (query.format === 'csv') return csv(createTimeWriter(deps.settings.timeZone))
  const narrowing = narrowingOf(query)
  return ndjson({ ...narrowing, memberId: narrowing.memberId && toJsonId(narrowing.memberId, 'number') })
}

async function htmlOf({ store, settings }: PlanDeps, query: ExportQuery, filter: ExportFilter) {
  const id = filter.conversationId ?? filter.conversationIds?.[0]
  if (id === undefined)
    throw invalidFields([
      { field: 'conversationId', message: 'or memberId and sellerId are required for html' },
    ])
  const conversation = await findConversation(store, id)
  if (!conversation) throw new ArchiveError('not_found', `there is no conversation ${id}`)
  const namesOf = (userIds: readonly string[]) => findNames(store, conversation.appKey, userIds)
  const users = usersOf(conversation)
  const seller = users.find((user) => partyOf(settings.templates, user)?.role === 'seller')
  const subject = {
    conversation,
    names: await namesOf(users),
    rightUserId: seller ?? users[1] ?? null,
    namesOf,
  }
  return htmlFile(subject, viewOf(query.lang ?? 'zh', settings.timeZone))
}

function viewOf(language: Language, timeZone: string): PageView {
  return { ...createView(language, timeZone), language, pages: pageWordsOf(language), here: '' }
}
