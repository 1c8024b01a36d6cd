/** The app's own messages as RongCloud's wrapper libraries send them (protocol §15.2): the app's type, and its members. */
import { stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import { wrappedFields, wrappedTypeOf } from '../../../rongcloud/message-types/index.ts'
import { typeName, type Words } from '../words.ts'
import { aside, card, title } from './parts.ts'
import type { Renderer, Renderers } from './renderer.ts'
import { table } from './table.ts'

/** What a type is called: by the app where the message is one of its own in a wrapper, else by us. */
export function typeNameIn(
  { objectName, content }: { objectName: string; content: string },
  words: Words,
): string {
  return wrappedTypeOf(objectName, content) ?? typeName(words, objectName)
}

const wrapped: Renderer = (content, { words, objectName }) => {
  const type = stringAt(content, 'msgType')
  if (type === null) return null
  const fields = wrappedFields(content)
  return card('custom', [
    title(type),
    aside(typeName(words, objectName)),
    fields.length > 0 ? table(fields) : null,
  ])
}

export const wrappedRenderers: Renderers = {
  'RC:IWNormalMsg': wrapped,
  'RC:IWStorageMsg': wrapped,
  'RC:IWCmdMsg': wrapped,
  'RC:IWStatusMsg': wrapped,
}
