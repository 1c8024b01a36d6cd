/** Calls and broadcasts: six callbacks, signed in headers, whose bodies name the app (protocol §15.7). */
import type { JsonObject } from '../message.ts'
import { jsonRequest } from '../wire.ts'
import { addressOf, type EventContext, type Events } from './event.ts'

const SUCCESS = 10_000

const roomIn = ({ random }: EventContext) => `rtc_${random.digits(6)}`

const common = (context: EventContext) => ({
  appKey: context.appKey,
  roomId: roomIn(context),
  sessionId: context.random.digits(16),
  userId: context.message.fromUserId,
})

function call(kind: string, make: (context: EventContext) => JsonObject): Events {
  return {
    [kind]: (context) =>
      jsonRequest(
        addressOf(kind),
        { timestamp: context.message.sentAtMs, ...make(context) },
        'headers-without-app-key',
      ),
  }
}

export const callEvents: Events = {
  ...call('rtc-rooms', (context) => {
    const event = context.random.pick([1, 2, 3, 11, 12, 20])
    // Version 1.0 calls the room a channel.
    if (context.random.chance(0.3))
      return { appKey: context.appKey, channelId: roomIn(context), event, userId: context.message.fromUserId }
    return { ...common(context), event, exitType: 1 }
  }),
  ...call('rtc-recordings', (context) => ({
    ...common(context),
    type: context.random.whole(1, 4),
    recordId: context.random.digits(12),
    mode: 3,
    extra: '',
  })),
  ...call('rtc-players', (context) => ({
    app_key: context.appKey,
    room_id: roomIn(context),
    user_id: context.message.fromUserId,
    rtmp_url: 'rtmp://live.example.cn/shop/evening',
    type: context.random.whole(1, 5),
    code: SUCCESS,
    video_resolution: '1280X720',
  })),
  ...call('rtc-cdn-pushes', (context) => ({
    ...common(context),
    type: context.random.whole(1, 4),
    stateCode: SUCCESS,
    pushUrl: 'rtmp://cdn.example.cn/shop/evening',
    output: { videoResoulation: '720x1280' },
  })),
  ...call('rtc-screenshots', (context) => ({
    ...common(context),
    type: context.random.pick([1, 3, 4]),
    imageId: context.random.digits(12),
    code: SUCCESS,
    errorMessage: '',
  })),
  ...call('rtc-moderation', (context) => ({
    ...common(context),
    type: 4,
    code: SUCCESS,
    content: { streamId: `${context.message.fromUserId}_0`, riskLevel: 'PASS', riskType: 0 },
  })),
}
