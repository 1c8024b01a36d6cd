// Protocol section 5.7: audio and video calls (CallLib). None has words; the codes of `status` and `reason` are there.
import { typesOf } from './message-type.ts'
import type { MessageType } from './message-type.ts'
import {
  anything,
  contentObject,
  maybeNumeric,
  maybeString,
  maybeStrings,
  maybeWhole,
  object,
} from './shared.ts'

const type = typesOf('call')

const step = {
  callId: maybeString,
  mode: anything,
  subInfo: anything,
}

const channel = {
  engineType: maybeWhole,
  channelInfo: object({ Id: maybeString, Key: maybeString }).nullish(),
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
  startTime: maybeNumeric,
  connectedTime: maybeNumeric,
  duration: maybeNumeric,
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
  // What a machine made of a call (protocol section 15.2); the summary itself is asked for by its task.
  type('RC:CallAISummary', contentObject({ taskId: anything, callId: maybeString, startTime: maybeNumeric })),
]
