/**
 * The only way from values to markup. Hono's `html` takes anything, and would take an object out of a message that says
 * `"isEscaped": true` for markup; this one takes what is typed to be safe, so that JSON cannot come near it.
 */
import { html as markup } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString

/** A string is text and becomes escaped. */
export type Piece = string | number | Html | null | readonly Piece[]

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  // Only of a promise would it make one.
  return markup(strings, ...pieces) as Html
}
