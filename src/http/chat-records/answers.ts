/** What the chat-records endpoints answer, as schemas for `/openapi.json`. */
import { z } from 'zod'
import { MemberIdOut } from '../member-ids.ts'

const href = z.object({
  href: z.string().meta({
    format: 'uri-reference',
    description:
      'Absolute where PUBLIC_URL, a trusted proxy or the platform names the host, else from the path on.',
  }),
})

const record = {
  id: z.int().meta({ description: 'Record id.' }),
  seller_id: z.string(),
  member_id: MemberIdOut,
  addtime: z
    .string()
    .meta({ description: 'When it was sent: YYYY-MM-DD HH:mm:ss.', example: '2024-12-19 16:00:00' }),
  cnt: z.string().meta({ description: 'Content as stored; empty when recalled.' }),
  messageType: z.string().meta({ example: 'RC:TxtMsg' }),
}

export const ChatRecordPage = z
  .object({
    items: z.array(
      z
        .object({
          ...record,
          sender: z.enum(['member', 'seller']),
          msg_uid: z.string(),
          recalled: z.boolean(),
        })
        .meta({ id: 'ChatRecord' }),
    ),
    _links: z.object({
      self: href,
      first: href.optional(),
      last: href.optional(),
      prev: href.optional(),
      next: href.optional(),
    }),
    _meta: z.object({
      totalCount: z.int(),
      pageCount: z.int(),
      currentPage: z.int(),
      perPage: z.int(),
    }),
  })
  .meta({ id: 'ChatRecordPage' })

export const ChatList = z
  .array(z.object({ ...record, shop_name: z.string().nullable(), logo: z.string().nullable() }))
  .meta({ id: 'ChatList' })

export const Created = z
  .object({ result: z.literal('success'), message: z.string(), id: z.int() })
  .meta({ id: 'Created' })
export const Deleted = z.object({ result: z.literal('success'), message: z.string() }).meta({ id: 'Deleted' })
