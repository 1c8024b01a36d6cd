/** Audio and video calls (protocol §5.7). */
import { listAt } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html } from '../html.ts'
import { fillText, type Words } from '../words.ts'
import { people, person, sentence } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { durationOf } from './units.ts'
import { idAt, numberAt, stringsIn, timeAt } from './values.ts'

const AUDIO = 1
const VIDEO = 2

/** What the codes of `status` and `reason` mean; from 11 to 20 and from 31 to 34 they tell it of the other side. */
export function reasonOf(code: number | null, words: Words): string {
  const { calls } = words
  if (code === null) return calls.noReason
  const reasons: Record<string, string> = calls.reasons
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined
  if (reason !== undefined) return reason
  const isOfOtherSide = (code > 10 && code <= 20) || (code > 30 && code <= 34)
  if (isOfOtherSide) return fillText(calls.otherSide, { reason: reasonOf(code - 10, words) })
  return fillText(calls.code, { code })
}

function callOf(content: unknown, { calls }: Words): string {
  const media = numberAt(content, 'mediaType')
  if (media === AUDIO) return calls.audio
  return media === VIDEO ? calls.video : calls.any
}

function invited(content: unknown, context: Context): Html {
  const users = stringsIn(listAt(content, 'inviteUserIds'))
  return users.length > 0 ? people(users, context) : html`${context.words.somebody}`
}

/** A step of a call; without its `callId` it is a step of none. */
function step(tell: (content: unknown, context: Context) => Html): Renderer {
  return (content, context) => (idAt(content, 'callId') === null ? null : tell(content, context))
}

const invite = step((content, context) => {
  const { words, sender } = context
  const users = invited(content, context)
  return sentence(words.calls.invite, { sender, users, call: callOf(content, words) })
})

const accept = step((content, { words, sender }) =>
  sentence(words.calls.accept, { sender, call: callOf(content, words) }),
)

const hangup = step((content, { words, sender }) =>
  sentence(words.calls.hangup, { sender, reason: reasonOf(numberAt(content, 'reason'), words) }),
)

const modifyMedia = step((content, { words, sender }) => {
  const { toAudio, toVideo, modifyMedia: either } = words.calls
  const media = numberAt(content, 'mediaType')
  if (media === AUDIO) return sentence(toAudio, { sender })
  return sentence(media === VIDEO ? toVideo : either, { sender })
})

const modifyMembers = step((content, context) => {
  const { words, sender } = context
  return sentence(words.calls.modifyMembers, { sender, users: invited(content, context) })
})

const summary: Renderer = (content, context) => {
  const { words, sender } = context
  const [code, ms] = [numberAt(content, 'status'), numberAt(content, 'duration')]
  if (code === null && ms === null) return null
  const caller = idAt(content, 'caller')
  return sentence(words.calls.summary, {
    call: callOf(content, words),
    caller: caller === null ? sender : person(caller, context),
    duration: ms !== null && ms > 0 ? durationOf(ms / 1000, words) : html`${words.calls.notConnected}`,
    reason: reasonOf(code, words),
  })
}

const aiSummary: Renderer = (content, { words, writeTime }) => {
  const [task, startMs] = [idAt(content, 'taskId') ?? idAt(content, 'callId'), timeAt(content, 'startTime')]
  if (task === null) return null
  const time = startMs === null ? words.unknown : writeTime(startMs)
  return sentence(words.calls.aiSummary, { task, time })
}

export const callRenderers: Renderers = {
  'RC:VCInvite': invite,
  'RC:VCRinging': step((_, { words, sender }) => sentence(words.calls.ringing, { sender })),
  'RC:VCAccept': accept,
  'RC:VCHangup': hangup,
  'RC:VCModifyMedia': modifyMedia,
  'RC:VCModifyMem': modifyMembers,
  'RC:VCSummary': summary,
  'RC:CallAISummary': aiSummary,
}
