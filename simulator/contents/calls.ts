/** Audio and video calls (protocol §5.7). */
import type { Context, Contents } from './content.ts'

const REJECTED = 2
const HUNG_UP = 3
const NOT_ANSWERED = 5
const RONG_RTC = 4
const AUDIO = 1
const VIDEO = 2

// One conversation has one call at a time, so that all its steps name the same.
const callOf = ({ place }: Context) => `call-${place.conversationHash}-${place.people[0].userId}`

const othersIn = ({ place, from }: Context) =>
  place.people.filter((person) => person !== from).map(({ userId }) => userId)

export const callContents: Contents = {
  'RC:VCInvite': (context) => ({
    mediaId: context.random.digits(8),
    callId: callOf(context),
    engineType: RONG_RTC,
    channelInfo: { Id: callOf(context), Key: '' },
    mediaType: context.random.pick([AUDIO, VIDEO]),
    extra: '',
    inviteUserIds: othersIn(context).slice(0, 8),
    observerUserIds: [],
  }),
  'RC:VCRinging': (context) => ({ callId: callOf(context) }),
  'RC:VCAccept': (context) => ({
    callId: callOf(context),
    mediaType: AUDIO,
    mediaId: context.random.digits(8),
  }),
  'RC:VCHangup': (context) => ({
    callId: callOf(context),
    reason: context.random.pick([HUNG_UP, HUNG_UP, REJECTED, NOT_ANSWERED]),
  }),
  'RC:VCModifyMedia': (context) => ({ callId: callOf(context), mediaType: VIDEO }),
  'RC:VCModifyMem': (context) => ({
    modifyMemType: 1,
    callId: callOf(context),
    caller: context.from.userId,
    engineType: RONG_RTC,
    mediaType: AUDIO,
    inviteUserIds: othersIn(context).slice(0, 2),
    existedMemberStatusList: [],
  }),
  'RC:CallAISummary': (context) => ({
    taskId: context.random.digits(12),
    callId: callOf(context),
    startTime: context.about.sentAtMs - 60_000,
  }),
  'RC:VCSummary': ({ random, place, from, about }) => {
    const seconds = random.whole(3, 900)
    const startTime = about.sentAtMs - seconds * 1000 - 4000
    return {
      caller: from.userId,
      inviter: from.userId,
      mediaType: AUDIO,
      memberIdList: place.people.slice(0, 8).map(({ userId }) => userId),
      startTime,
      connectedTime: startTime + 4000,
      duration: seconds * 1000,
      status: HUNG_UP,
    }
  },
}
