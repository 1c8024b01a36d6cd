/** What the four chat-records endpoints are asked with. */
import { z } from 'zod'
import { idsAs } from '../member-ids.ts'
import { integer, longId, optional, text } from '../parameters.ts'
import { spanParameters } from '../span.ts'
import { pageParameters } from './yii-page.ts'

const memberId = longId.meta({ description: 'Id of the member, of up to 64 bits.', example: 1001 })
const sellerId = text.meta({ description: 'Id of the seller.', example: 'shop42' })
const appKey = optional(text).meta({ description: 'App key; the first configured app when left out.' })

export const listQuery = (timeZone: string) =>
  z.object({
    memberId,
    sellerId,
    messageType: optional(text).meta({
      description: 'Only this type; signalling types appear only so.',
      example: 'RC:TxtMsg',
    }),
    ...spanParameters(timeZone),
    id: optional(integer).meta({ description: 'Exactly this record.' }),
    appKey,
    idsAs,
    ...pageParameters,
  })

export const ChatListQuery = z.object({ memberId, appKey, idsAs, ...pageParameters })

export const CreateBody = z.object({
  memberId,
  sellerId,
  messageType: text.meta({
    description: 'A known RC:* type, or one of CUSTOM_MESSAGE_TYPES.',
    example: 'RC:TxtMsg',
  }),
  cnt: text.meta({
    description: 'Content, kept as given: JSON of the type; plain text is fine for RC:TxtMsg and RC:InfoNtf.',
    example: '{"content":"你好"}',
  }),
  sender: optional(z.enum(['member', 'seller'], { error: 'must be member or seller' })).meta({
    description: 'Who wrote it; always the member with a member token.',
  }),
  appKey,
})

export const DeleteBody = z.object({
  memberId,
  id: integer.meta({ description: 'Id of the record.', example: 1 }),
  appKey,
})
