/** What a message says by all that has come of it, beyond its content as it came first. */
import { STREAM_SUMMARY } from '../domain/message-change.ts'
import type { MessageState } from '../domain/message-state.ts'
import { SEARCHED_MAX } from '../domain/search-text.ts'
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

/**
 * What a search finds it by: the summary of a streamed text, its text, and those of its versions, the newest first. No more
 * is read than is searched.
 */
export function everySaidText(message: Saying): string | null {
  const texts: string[] = []
  let length = 0
  for (const text of textsIn(message)) {
    if (text === null) continue
    texts.push(text)
    length += text.length
    if (length >= SEARCHED_MAX) break
  }
  return joinLines(texts)
}

function* textsIn(message: Saying): Generator<string | null> {
  yield summaryOf(message)
  yield saidText(message)
  for (const { objectName, content } of message.state.versions.toReversed()) yield textOf(objectName, content)
}
