/** Messages that carry others (protocol §5.3): quoted above what is said to them, or forwarded in a list. */
import { isObject, listAt, memberOf, stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html } from '../html.ts'
import { fill } from '../words.ts'
import { link } from './links.ts'
import { longText } from './long-text.ts'
import { aside, card, names, person, sentence, title } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { shown } from './showable.ts'
import { idAt, numberAt, stringsIn } from './values.ts'

const MOST_LISTED = 50

const quote: Renderer = (content, context) => {
  const said = stringAt(content, 'content')
  const quoted = memberOf(content, 'referMsg')
  if (said === null || (typeof quoted !== 'string' && !isObject(quoted))) return null
  const { words } = context
  const author = idAt(content, 'referMsgUserId')
  return html`<blockquote class="quoted">
      <p class="aside">
        ${fill(words.content.quoting, { user: person(author, context) })} ${fate(content, context)}
      </p>
      ${context.nested(memberOf(content, 'objName'), quoted, author)}
    </blockquote>
    ${longText(said, context)}`
}

function fate(content: unknown, { words }: Context): Html | null {
  const { quoteModified, quoteRecalled, quoteDeleted } = words.content
  const since = [null, quoteModified, quoteRecalled, quoteDeleted][numberAt(content, 'referMsgStatus') ?? 0]
  return since ? aside(`(${since})`) : null
}

const combined: Renderer = (content, context) => {
  const { words } = context
  const lines = stringsIn(listAt(content, 'summaryList'))
  const messages = listAt(content, 'msgList')
  const address = stringAt(content, 'remoteUrl')
  if (lines.length === 0 && messages.length === 0 && address === null) return null
  const heading = stringAt(content, 'title')
  const count = numberAt(content, 'msgNum') ?? Math.max(messages.length, lines.length)
  const from = stringsIn(listAt(content, 'nameList'))
  return card('forwarded', [
    heading && title(heading),
    sentence(words.content.forwarded, { count }),
    from.length > 0 ? aside(fill(words.content.forwardedFrom, { names: names(from, words) })) : null,
    messages.length > 0 ? messageList(messages, context) : summary(lines, context),
    address && link(address, words.content.openForwarded),
  ])
}

function summary(lines: readonly string[], context: Context): Html {
  return html`<ul class="summary">
    ${lines.slice(0, MOST_LISTED).map((line) => html`<li dir="auto">${shown(line)}</li>`)}
    ${more(lines, context)}
  </ul>`
}

function messageList(messages: readonly unknown[], context: Context): Html {
  return html`<ol class="inside">
    ${messages.slice(0, MOST_LISTED).map((each) => forwarded(each, context))} ${more(messages, context)}
  </ol>`
}

function forwarded(message: unknown, context: Context): Html {
  const { nested, writeTime } = context
  const from = idAt(message, 'fromUserId')
  const sentAtMs = numberAt(message, 'timestamp')
  return html`<li>
    <p class="aside">${person(from, context)} ${sentAtMs === null ? null : writeTime(sentAtMs)}</p>
    ${nested(memberOf(message, 'objectName'), memberOf(message, 'content'), from)}
  </li>`
}

function more(list: readonly unknown[], { words }: Context): Html | null {
  const count = list.length - MOST_LISTED
  return count > 0 ? html`<li class="aside">${fill(words.content.more, { count })}</li>` : null
}

export const nestedRenderers: Renderers = {
  'RC:ReferenceMsg': quote,
  'RC:CombineMsg': combined,
  'RC:CombineV2Msg': combined,
}
