/** What a message says in a line of a list, or its type where it says nothing. */
import { textOf } from '../../rongcloud/message-types/index.ts'
import { html, type Html } from './html.ts'
import { plain, shown } from './messages/showable.ts'
import { typeNameIn } from './messages/wrapped.ts'
import type { View } from './view.ts'

const LONGEST = 300

export function saidIn(
  objectName: string,
  content: string,
  { words }: View,
  said = textOf(objectName, content),
): Html {
  return said
    ? html`<bdi>${plain(said.slice(0, LONGEST))}</bdi>`
    : html`[${shown(typeNameIn({ objectName, content }, words))}]`
}
