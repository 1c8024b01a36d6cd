/** What a message says by all that has come of it, beyond its content as it came first. */
import { STREAM_SUMMARY } from '../domain/message-change.ts'
import type { MessageState } from '../domain/message-state.ts'
import { joinLines } from './message-types/readable-text.ts'
import { streamOf, textOf } from './message-types/index.ts'

export type Saying = {
  objectName: string
  content: string
  state: Pick<MessageState, 'versions' | 'packets' | 'expansion'>
}

/** The text of the message itself: of a streamed one as far as it has come. */
export function saidText({ objectName, content, state }: Saying): string | null {
  const stream = streamOf({ objectName, content }, state.packets)
  return stream === null ? textOf(objectName, content) : joinLines([stream.text || null])
}

export function summaryOf({ objectName, state }: Pick<Saying, 'objectName' | 'state'>): string | null {
  return objectName === 'RC:StreamMsg' ? (state.expansion?.[STREAM_SUMMARY] ?? null) : null
}

/** All that a search finds it by: its text, those of its versions, and the summary of a streamed text. */
export function everySaidText(message: Saying): string | null {
  const versions = message.state.versions.map(({ objectName, content }) => textOf(objectName, content))
  return joinLines([saidText(message), ...versions, summaryOf(message)])
}
