/** Folded away under each message: earlier versions, expansion, and what RongCloud sent, exactly. */
import { editsOf } from '../../../archive/changes.ts'
import { isObject, parseJson } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html } from '../html.ts'
import type { View } from '../view.ts'
import { fill } from '../words.ts'
import { renderContent } from './content.ts'
import { printed, remainder } from './folded.ts'
import type { ShownMessage } from './message.ts'
import { cut } from './showable.ts'
import { table, type Row } from './table.ts'

const MOST_VERSIONS = 20
// A page holds many messages, and a thumbnail is long and tells nothing.
const LONGEST_RECEIVED = 4000

/** Where it is shown; a saved page has no links to the console. */
type Shown = { view: View; isSaved: boolean }

type Version = { id?: number; objectName: string; content: string; atMs: number }

/** The message as it came first and as it was since, but for what it is now; newest first. */
export function earlierVersions(item: ShownMessage, sender: string, { view, isSaved }: Shown): Html | null {
  const { versions } = item.state
  if (versions.length === 0) return null
  const original = { id: item.id, objectName: item.objectName, content: item.content, atMs: item.sentAtMs }
  const edits = versions.slice(0, -1)
  const earlier: Version[] = [original, ...edits].toReversed()
  const { words, writeTime } = view
  const version = ({ id, objectName, content, atMs }: Version) =>
    html`<li>
      <p class="aside">${fill(words.message.versionOf, { time: writeTime(atMs) })}</p>
      ${renderContent({ id: isSaved ? null : (id ?? null), objectName, content, sender }, view)}
    </li>`
  return html`<details class="versions">
    <summary>${fill(words.message.earlierVersions, { count: editsOf(item.state) })}</summary>
    <ol>
      ${earlier.slice(0, MOST_VERSIONS).map(version)}
    </ol>
  </details>`
}

export function expansionOf({ state: { expansion } }: ShownMessage, { words }: View): Html | null {
  if (expansion === null) return null
  return html`<details class="expansion">
    <summary>${words.message.expansion}</summary>
    ${table(Object.entries(expansion))}
  </details>`
}

/** RongCloud's names for everything, so that it can be looked up in their documents. */
export function received(item: ShownMessage, { view: { words, writeTime }, isSaved }: Shown): Html {
  const { content, fields, state: _, otherTexts: __, id, sentAtMs, receivedAtMs, ...facts } = item
  const timed = (ms: number) => `${ms} = ${writeTime(ms)}`
  const columns = { id, ...facts, sentAtMs: timed(sentAtMs), receivedAtMs: timed(receivedAtMs) }
  const start = cut(content, LONGEST_RECEIVED)
  return html`<details class="received">
    <summary>${words.message.received}</summary>
    ${printed(start)}
    ${start.length < content.length ? remainder(content.length, { words, id: isSaved ? null : id }) : null}
    ${table([...Object.entries(columns), ...otherFields(fields)])}
  </details>`
}

function otherFields(fields: string | null): Row[] {
  const parsed = fields === null ? undefined : parseJson(fields)
  return isObject(parsed) ? Object.entries(parsed) : []
}
