/** Users come and go, change their profiles, make friends, leave for good. */
import { formRequest, jsonRequest } from '../wire.ts'
import { addressOf, clientIp, type Events } from './event.ts'

export const userEvents: Events = {
  'online-status': ({ random, message }) => {
    const { fromUserId, source, sentAtMs } = message
    // Several events in one callback, also of one user.
    const statuses = random.pick([['0'], ['1'], ['0', '1'], ['1', '0', '2']])
    return jsonRequest(
      addressOf('online-status'),
      statuses.map((status, i) => ({
        userid: fromUserId,
        status,
        os: source,
        time: sentAtMs + i * 10,
        clientIp: clientIp(random),
        sessionId: random.digits(12),
      })),
    )
  },

  'user-deactivations': ({ random, message }) =>
    formRequest(addressOf('user-deactivations'), {
      userId: `left_${random.digits(8)}`,
      operateId: random.digits(10),
      type: random.pick(['0', '1']),
      code: '0',
      time: String(message.sentAtMs),
    }),

  'user-profiles': ({ random, message }) =>
    jsonRequest(addressOf('user-profiles'), {
      userId: message.fromUserId,
      type: random.pick([0, 1, 1]),
      time: message.sentAtMs,
      userProfile: JSON.stringify({ name: message.author.name, portraitUri: message.author.portrait }),
      userExtProfile: JSON.stringify({ ext_level: '3' }),
    }),

  friends: ({ random, message }) =>
    jsonRequest(addressOf('friends'), {
      eventType: random.whole(1, 5),
      userId: message.fromUserId,
      toUserId: `friend_${random.digits(6)}`,
      time: message.sentAtMs,
      source: message.source,
    }),

  'hosted-moderation': ({ random, message }) =>
    jsonRequest(addressOf('hosted-moderation'), {
      eventType: 3,
      result: random.chance(0.9),
      time: message.sentAtMs,
      optUserId: message.fromUserId,
      targetGroupId: '',
      targetUserId: message.fromUserId,
      contents: [{ key: 'name', content: message.author.name, result: true }],
    }),
}
