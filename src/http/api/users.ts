import { z } from 'zod'
import { findUser } from '../../archive/users.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { toJsonId } from '../../domain/long-id.ts'
import { partyOf } from '../../domain/parties.ts'
import { appKeyOf } from '../app-key.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { idsAs, MemberIdOut } from '../member-ids.ts'
import { optional, text } from '../parameters.ts'

const Session = z.object({
  sessionId: z.string().meta({ description: 'Empty when online status names none.' }),
  status: z.enum(['online', 'offline', 'logout']),
  os: z.string().nullable(),
  clientIp: z.string().nullable().meta({ description: '`ip:port`' }),
  atMs: z.int(),
})

const User = z
  .object({
    appKey: z.string(),
    userId: z.string(),
    name: z.string().nullable().meta({ description: 'From the `user` object of their own newest messages.' }),
    portrait: z.string().nullable(),
    role: z
      .enum(['member', 'seller'])
      .nullable()
      .meta({ description: 'By MEMBER_USER_ID and SELLER_USER_ID.' }),
    memberId: MemberIdOut.nullable(),
    sellerId: z.string().nullable(),
    online: z.boolean().meta({ description: 'Any session is online, as far as online status told.' }),
    sessions: z.array(Session).meta({ description: 'Newest first, at most a hundred.' }),
  })
  .meta({ id: 'User' })

export function userEndpoint({ store, settings }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/api/v1/users/:id',
    tag: 'archive',
    summary: 'One user: name, role, and where they are online',
    description: '404 when no message, profile, session or event tells of this user.',
    access: { scope: 'read' },
    pathParameters: z.object({ id: text.meta({ description: "RongCloud's user id." }) }),
    query: z.strictObject({
      appKey: optional(text).meta({ description: 'App key; the first configured app when left out.' }),
      idsAs,
    }),
    answer: { description: 'The user.', schema: User },
    handle: async ({ c, path, query }) => {
      const appKey = appKeyOf(settings, query.appKey)
      const user = await findUser(store, appKey, path.id)
      if (!user) throw new ArchiveError('not_found', `there is nothing of a user ${path.id}`)
      const { name, portrait, isOnline, sessions } = user
      const party = partyOf(settings.templates, path.id)
      const as = query.idsAs ?? settings.idsAs
      return c.json({
        appKey,
        userId: path.id,
        name,
        portrait,
        role: party?.role ?? null,
        memberId: party?.role === 'member' ? toJsonId(party.memberId, as) : null,
        sellerId: party?.role === 'seller' ? party.sellerId : null,
        online: isOnline,
        sessions: sessions.map(({ sessionId, status, os, clientIp, atMs }) => ({
          sessionId,
          status,
          os,
          clientIp,
          atMs,
        })),
      } satisfies z.output<typeof User>)
    },
  })
}
