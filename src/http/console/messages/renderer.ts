/** What the files of this folder say about one object name. */
import type { JsonObject } from '../../../rongcloud/message-types/readable-text.ts'
import type { Html } from '../html.ts'
import type { View } from '../view.ts'

export type Context = View & {
  readonly objectName: string
  /** Of the archived message; null for one inside another, which has no address of its own. */
  readonly id: number | null
  /** Name or id of who sent it. */
  readonly sender: string
  /** A message inside this one. Content as object or as JSON text, the sender by id. */
  readonly nested: (objectName: unknown, content: unknown, fromUserId: string | null) => Html
}

/** Null when the content lacks what makes it this type; it is then shown as it is. Never throws. */
export type Renderer = (content: JsonObject, context: Context) => Html | null

export type Renderers = Readonly<Record<string, Renderer>>
