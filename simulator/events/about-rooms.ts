/** What happens to groups and chat rooms. */
import { jsonRequest } from '../wire.ts'
import { addressOf, type EventContext, type Events } from './event.ts'

// The room or group just written in; else one of which no message was seen.
const idOf =
  (channelType: string, prefix: string) =>
  ({ message, random }: EventContext) =>
    message.channelType === channelType ? message.targetId : `${prefix}_${random.digits(8)}`
const roomIdOf = idOf('TEMPGROUP', 'live')
const groupIdOf = idOf('GROUP', 'grp')

export const roomEvents: Events = {
  'chatroom-status': (context) => {
    const { message } = context
    const chatRoomId = roomIdOf(context)
    return jsonRequest(addressOf('chatroom-status'), [
      { chatRoomId, userIds: [], type: 0, status: 0, time: message.sentAtMs },
      { chatRoomId, userIds: [message.fromUserId], type: 1, status: 0, time: message.sentAtMs + 5 },
    ])
  },

  'chatroom-kv': (context) =>
    // In this one the r is small.
    jsonRequest(addressOf('chatroom-kv'), [
      {
        chatroomId: roomIdOf(context),
        key: `seat_${context.random.whole(1, 8)}`,
        value: JSON.stringify({ uid: context.message.fromUserId }),
        optType: 1,
        userId: context.message.fromUserId,
        status: 0,
        timestamp: context.message.sentAtMs,
        version: '1',
      },
    ]),

  'group-info': (context) =>
    jsonRequest(addressOf('group-info'), [
      {
        groupId: groupIdOf(context),
        groupName: '老顾客福利群',
        time: context.message.sentAtMs,
        optUserId: context.message.fromUserId,
        groupProfile: { introduction: '每周上新', announcement: '今晚 8 点见', portraitUrl: '' },
        groupExtProfile: {},
        permissions: {
          joinPerm: 1,
          removePerm: 2,
          memInvitePerm: 0,
          invitePerm: 1,
          profilePerm: 2,
          memProfilePerm: 1,
        },
      },
    ]),

  'group-operations': (context) =>
    jsonRequest(addressOf('group-operations'), [
      {
        groupId: groupIdOf(context),
        eventType: context.random.whole(1, 8),
        time: context.message.sentAtMs,
        optUserId: context.message.fromUserId,
        userIds: [context.message.fromUserId],
      },
    ]),
}
