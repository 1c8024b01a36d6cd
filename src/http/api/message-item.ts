import { z } from 'zod'
import type { ArchivedMessage } from '../../archive/messages.ts'
import { ORIGINS } from '../../domain/message.ts'
import { textOf } from '../../rongcloud/message-types/index.ts'

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
    state: z
      .object({
        deletedBy: z.array(z.string()).meta({ description: 'Users who deleted it from their own view.' }),
      })
      .meta({ description: 'What has become of it; content stays as received.' }),
  })
  .meta({ id: 'Message' })

export function toMessageItem(message: ArchivedMessage): z.output<typeof MessageItem> {
  const { deletedBy, ...received } = message
  return {
    ...received,
    text: textOf(message.objectName, message.content),
    fields: message.fields === null ? {} : (JSON.parse(message.fields) as Record<string, unknown>),
    state: { deletedBy: JSON.parse(deletedBy) as string[] },
  }
}
