import { z } from 'zod'
import type { ArchivedMessage } from '../../archive/messages.ts'
import { editsOf, type PresentState } from '../../archive/changes.ts'
import { fromBits } from '../../domain/log-flags.ts'
import { ORIGINS } from '../../domain/message.ts'
import { continuedBy } from '../../rongcloud/changes/index.ts'
import { streamOf, textOf } from '../../rongcloud/message-types/index.ts'
import { saidText, summaryOf } from '../../rongcloud/said-text.ts'

const Version = z.object({
  msgUID: z.string().meta({
    description:
      'Of the edit, a message of its own; of the message itself when new content came under its uid.',
  }),
  objectName: z.string(),
  content: z.string(),
  text: z.string().nullable(),
  atMs: z.int(),
  byUserId: z.string(),
})

const Stream = z
  .object({
    packets: z.int().meta({ description: 'How many its text was joined from.' }),
    isComplete: z.boolean().meta({ description: 'The last packet has come, and none before it is missing.' }),
    isCut: z.boolean().meta({ description: 'More packets have come than the text is joined from.' }),
    completeReason: z.int().nullable().meta({ description: "RongCloud's number of why it ended." }),
    summary: z.string().nullable(),
  })
  .meta({
    description:
      'Of a streamed text (RC:StreamMsg), which `text` has as far as it has come; null for its later packets.',
  })

const State = z
  .object({
    recalled: z
      .object({ atMs: z.int(), byUserId: z.string(), isAdmin: z.boolean(), isDelete: z.boolean() })
      .nullable(),
    deletedBy: z.array(z.string()).meta({ description: 'Users who deleted it from their own view.' }),
    versions: z.array(Version).meta({
      description:
        'Its edits, oldest first; the last is what it says now. Of many the newest: `/api/v1/messages/:id/changes` has all.',
    }),
    edits: z.int().meta({ description: 'How many versions there are besides the first.' }),
    expansion: z.record(z.string(), z.string()).nullable(),
    stream: Stream.nullable(),
    receiptRequested: z.boolean(),
    verdict: z
      .object({
        passed: z.boolean(),
        serviceProvider: z.string().nullable(),
        resultDetail: z.string().nullable(),
        atMs: z.int(),
      })
      .nullable()
      .meta({ description: 'Of the moderation, the latest.' }),
  })
  .meta({ id: 'MessageState', description: 'What has become of it; content stays as received.' })

export const MessageItem = z
  .object({
    id: z.int(),
    appKey: z.string(),
    msgUID: z.string(),
    conversationId: z.int(),
    channelType: z.string().meta({ example: 'PERSON' }),
    fromUserId: z.string(),
    targetId: z.string().meta({ description: 'Peer user, group, room or service, as channelType decides.' }),
    busChannel: z.string().meta({ description: 'Channel of an ultra group, else empty.' }),
    objectName: z.string().meta({ example: 'RC:TxtMsg' }),
    content: z.string().meta({ description: 'Exactly as received.' }),
    text: z
      .string()
      .nullable()
      .meta({ description: 'What a person would read of it: text, file name, place, title …' }),
    sentAtMs: z.int(),
    receivedAtMs: z.int(),
    origin: z.enum(ORIGINS),
    source: z.string().nullable().meta({ example: 'iOS' }),
    sensitiveType: z.int().nullable(),
    fields: z.record(z.string(), z.unknown()).meta({ description: 'All other fields of the callback.' }),
    problem: z.string().nullable().meta({ description: 'Why it does not fit its type, null when it does.' }),
    nonceReused: z.boolean().meta({ description: 'Its signature had come before with another body.' }),
    logFlags: z
      .object({
        isDiscard: z.boolean(),
        isSensitiveWord: z.boolean(),
        isForbidden: z.boolean(),
        isNotForward: z.boolean(),
      })
      .nullable()
      .meta({ description: "What RongCloud's hourly log tells of it; null when no log has told of it." }),
    state: State,
  })
  .meta({ id: 'Message' })

export function toMessageItem(message: ArchivedMessage): z.output<typeof MessageItem> {
  return {
    ...message,
    text: saidText(message),
    fields: message.fields === null ? {} : (JSON.parse(message.fields) as Record<string, unknown>),
    logFlags: message.logFlags === null ? null : fromBits(message.logFlags),
    state: toState(message),
  }
}

function toState(message: ArchivedMessage): z.output<typeof State> {
  const { recalled, deletedFor, versions, expansion, receiptRequested, verdict } = message.state
  return {
    recalled,
    deletedBy: deletedFor,
    versions: versions.map(toVersion),
    edits: editsOf(message.state),
    expansion,
    stream: streamIn(message),
    receiptRequested,
    verdict,
  }
}

function toVersion(version: PresentState['versions'][number]): z.output<typeof Version> {
  return { ...version, text: textOf(version.objectName, version.content) }
}

function streamIn(message: ArchivedMessage): z.output<typeof Stream> | null {
  const stream = continuedBy(message) === null ? streamOf(message, message.state.packets) : null
  if (stream === null) return null
  const { packets, isComplete, completeReason } = stream
  const isCut = (message.state.leftOut.packet ?? 0) > 0
  return { packets, isComplete, isCut, completeReason, summary: summaryOf(message) }
}
