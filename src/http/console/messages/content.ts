/** What a message says, as HTML: by its type where it fits it, else as it came, folded away. */
import { findMessageType, isKnownObjectName, isUserContent } from '../../../rongcloud/message-types/index.ts'
import { isObject, likelyText, parseJson } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html } from '../html.ts'
import type { View } from '../view.ts'
import { callRenderers } from './calls.ts'
import { cardRenderers } from './cards.ts'
import { customerServiceRenderers } from './customer-service.ts'
import { folded } from './folded.ts'
import { longText } from './long-text.ts'
import { mediaRenderers } from './media.ts'
import { nestedRenderers } from './nested.ts'
import { noticeRenderers } from './notices.ts'
import { nameOfType } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { signalRenderers } from './signals.ts'
import { wrappedRenderers } from './wrapped.ts'
import { writtenRenderers } from './written.ts'

const RENDERERS: Renderers = {
  ...writtenRenderers,
  ...mediaRenderers,
  ...cardRenderers,
  ...nestedRenderers,
  ...wrappedRenderers,
  ...noticeRenderers,
  ...signalRenderers,
  ...customerServiceRenderers,
  ...callRenderers,
}

export type ShownContent = {
  /** Of the archived message, for links to what belongs to it; null when there is none. */
  id: number | null
  objectName: string
  content: string
  /** Name or id of who sent it. */
  sender: string
}

export function renderContent({ content, ...message }: ShownContent, view: View): Html {
  return renderAt(0, content, { ...view, ...message })
}

// Quotes of quotes and forwards of forwards nest without end; nobody reads further down than this.
const DEEPEST_NESTING = 3

type Place = Omit<Context, 'nested'>

function renderAt(depth: number, content: unknown, place: Place): Html {
  if (depth > DEEPEST_NESTING) return html`<p class="aside">${place.words.content.tooDeep}</p>`
  const context = { ...place, nested: nestedIn(depth, place) }
  const value = typeof content === 'string' ? parseJson(content) : content
  const rendered = isObject(value) ? rendererOf(place.objectName)?.(value, context) : null
  return rendered ?? plainText(content, value, context) ?? folded(content, context)
}

function nestedIn(depth: number, place: Place): Context['nested'] {
  return (objectName, content, fromUserId) =>
    renderAt(depth + 1, content, {
      ...place,
      id: null,
      objectName: typeof objectName === 'string' ? objectName : place.words.unknown,
      sender: fromUserId === null ? place.words.somebody : place.userName(fromUserId),
    })
}

// Written over our REST API these may be plain text (design §8).
const PLAIN_TEXT_TYPES = new Set(['RC:TxtMsg', 'RC:InfoNtf'])

function plainText(content: unknown, value: unknown, context: Context): Html | null {
  if (typeof content !== 'string' || isObject(value) || !/\S/.test(content)) return null
  return PLAIN_TEXT_TYPES.has(context.objectName) ? longText(content, context) : null
}

function rendererOf(objectName: string): Renderer | undefined {
  if (Object.hasOwn(RENDERERS, objectName)) return RENDERERS[objectName]
  return isKnownObjectName(objectName) ? nameOnly : undefined
}

/** Of some types the members are unknown: that one came, its words if it seems to have any, and what else it holds. */
const nameOnly: Renderer = (content, context) => {
  const name = nameOfType(context.words, context.objectName)
  const text = likelyText(content, () => null)
  return html`${name} ${text && longText(text, context)}
  ${Object.keys(content).length > 0 ? folded(content, context) : null}`
}

/** How much room a type takes: what people write a bubble, what happened a bar, signals a line. */
export function shapeOfType(objectName: string): 'bubble' | 'bar' | 'line' {
  const category = findMessageType(objectName)?.category
  if (category === 'signal' || category === 'status') return 'line'
  // What the app calls its own types is content as far as anybody knows.
  return category === undefined || isUserContent(objectName) ? 'bubble' : 'bar'
}
