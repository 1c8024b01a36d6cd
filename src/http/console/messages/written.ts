/** What people write (protocol §5.3): text, and text that a machine writes. */
import { continuedBy } from '../../../rongcloud/changes/index.ts'
import { streamOf } from '../../../rongcloud/message-types/index.ts'
import {
  isObject,
  listAt,
  memberOf,
  parseJson,
  stringAt,
} from '../../../rongcloud/message-types/readable-text.ts'
import { summaryOf } from '../../../rongcloud/said-text.ts'
import { html, type Html } from '../html.ts'
import { fill } from '../words.ts'
import { longText } from './long-text.ts'
import type { ShownMessage } from './message.ts'
import { aside, people } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { shown } from './showable.ts'
import { durationOf } from './units.ts'
import { numberAt, stringsIn } from './values.ts'

const EVERYBODY = 1

const text: Renderer = (content, context) => {
  const written = stringAt(content, 'content')
  if (written === null) return null
  const mentioned = memberOf(content, 'mentionedInfo')
  return html`${longText(written, context, mentioned !== undefined && mentioned !== null)}
  ${mentionLine(mentioned, context)} ${translationLine(content, context)} ${burnLine(content, context)}`
}

function mentionLine(mentioned: unknown, context: Context): Html | null {
  const { words } = context
  const users = stringsIn(listAt(mentioned, 'userIdList'))
  const isEverybody = numberAt(mentioned, 'type') === EVERYBODY
  if (!isEverybody && users.length === 0) return null
  const who = isEverybody ? html`${words.everybody}` : people(users, context)
  return html`<p class="mentions">${fill(words.content.mentions, { users: who })}</p>`
}

function translationLine(content: unknown, context: Context): Html | null {
  const { words } = context
  const translated = stringAt(memberOf(content, 'translateInfo'), 'translatedText')
  return translated === null
    ? null
    : html`<div class="aside">
        ${fill(words.content.translation, { text: longText(translated, context) })}
      </div>`
}

function burnLine(content: unknown, { words }: Context): Html | null {
  const seconds = numberAt(content, 'burnDuration')
  if (seconds === null || seconds <= 0) return null
  return html`<p class="aside">${fill(words.content.burns, { duration: durationOf(seconds, words) })}</p>`
}

// Not a member of RongCloud's content.
const SUMMARY = ' summary'

/** The content of a streamed text as far as it has come, with its summary; null for other types. */
export function streamedContent(item: ShownMessage): string | null {
  const stream = streamOf(item, item.state.packets)
  if (stream === null) return null
  const first = parseJson(item.content)
  // A packet by itself is a part of another text, and no text that lacks one.
  const complete = stream.isComplete || continuedBy(item) !== null
  const told = { content: stream.text, complete, [SUMMARY]: summaryOf(item) }
  return isObject(first) ? JSON.stringify({ ...first, ...told }) : null
}

// Markdown and HTML are shown as they were written: an archive shows what was said, not what it was to look like.
const stream: Renderer = (content, context) => {
  const { words } = context
  const written = stringAt(content, 'content')
  if (written === null) return null
  const type = stringAt(content, 'type')
  const summary = stringAt(content, SUMMARY)
  return html`${longText(written, context)}
    ${summary === null ? null : html`<div class="aside">${fill(words.content.summary, { text: longText(summary, context) })}</div>`}
    <p class="aside">
      ${type && fill(words.content.streamType, { type: html`${shown(type)}` })}
      ${content.complete === false ? aside(words.content.streaming) : null}
    </p>`
}

export const writtenRenderers: Renderers = {
  'RC:TxtMsg': text,
  'RC:StreamMsg': stream,
}
