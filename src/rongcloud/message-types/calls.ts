// Protocol section 5.7: audio and video calls (CallLib). None has words; the codes of `status` and `reason` are there.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType } from './message-type.ts'
import {
  anything,
  contentObject,
  maybeNumber,
  maybeString,
  maybeStrings,
  maybeWhole,
  numeric,
} from './shared.ts'

const type = typesOf('call')

const step = {
  callId: maybeString,
  mode: anything,
  subInfo: anything,
}

const channel = {
  engineType: maybeWhole,
  channelInfo: z.looseObject({ Id: maybeString, Key: maybeString }).nullish(),
  mediaType: maybeWhole,
  inviteUserIds: maybeStrings,
  observerUserIds: maybeStrings,
}

const memberChange = contentObject({
  ...channel,
  callId: maybeString,
  caller: maybeString,
  modifyMemType: maybeWhole,
  existedMemberStatusList: anything,
  existedUserPofiles: anything,
})

const summary = contentObject({
  caller: maybeString,
  inviter: maybeString,
  mediaType: maybeWhole,
  memberIdList: maybeStrings,
  startTime: maybeNumber,
  connectedTime: maybeNumber,
  duration: numeric.nullish(),
  status: maybeWhole,
})

export const callTypes: readonly MessageType[] = [
  type('RC:VCInvite', contentObject({ ...step, ...channel, mediaId: maybeString })),
  type('RC:VCRinging', contentObject({ callId: maybeString })),
  type('RC:VCAccept', contentObject({ ...step, mediaId: maybeString, mediaType: maybeWhole })),
  type('RC:VCHangup', contentObject({ ...step, reason: maybeWhole })),
  type('RC:VCModifyMedia', contentObject({ ...step, mediaType: maybeWhole })),
  type('RC:VCModifyMem', memberChange),
  type('RC:VCSummary', summary),
]
