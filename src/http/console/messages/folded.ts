/** Content as it came, folded away: of types we do not know, and of those that do not fit theirs. */
import { parseJson, textOfValue } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html } from '../html.ts'
import { fill, typeName } from '../words.ts'
import { wholeContentPath } from './downloads.ts'
import type { Context } from './renderer.ts'
import { cut, showable } from './showable.ts'

const MOST_READ = 20_000
// Indenting makes it longer.
const MOST_PRINTED = 40_000
const DEEPEST_INDENT = 20

/** @param content text as received, or a value out of a message around it */
export function folded(content: unknown, context: Context): Html {
  const { words, objectName } = context
  const text = textOfValue(content)
  if (text === '') return html`<p class="empty">${words.content.empty}</p>`
  const start = cut(text, MOST_READ)
  const lines = parseJson(text) === undefined ? start : indent(start)
  return html`<details class="folded">
    <summary>${fill(words.content.folded, { type: typeName(words, objectName) })}</summary>
    ${printed(cut(lines, MOST_PRINTED))}
    ${start.length < text.length || lines.length > MOST_PRINTED ? remainder(text.length, context) : null}
  </details>`
}

/** A box that scrolls in itself, with the keyboard too. */
export function printed(text: string): Html {
  return html`<pre dir="ltr" tabindex="0"><code>${showable(text)}</code></pre>`
}

/** Says that there is more, and where: what lies in an archived message is a file to download. */
export function remainder(count: number, { words, id }: Pick<Context, 'words' | 'id'>): Html {
  const whole = id === null ? null : html`<a href="${wholeContentPath(id)}">${words.content.wholeContent}</a>`
  return html`<p class="aside">${fill(words.content.shownInPart, { count })} ${whole}</p>`
}

// Works on the text itself: parsing and printing again would lose key order, large integers and keys that come twice.
// A string may end where the text was cut.
const TOKENS = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|\{\s*\}|\[\s*\]|[[\]{},:]|\s+/g

function indent(json: string): string {
  let depth = 0
  return json.replaceAll(TOKENS, (token) => {
    if (token === '{' || token === '[') return token + lineAt(++depth)
    if (token === '}' || token === ']') return lineAt(--depth) + token
    if (token === ',') return token + lineAt(depth)
    if (token === ':') return ': '
    return /^\s/.test(token) ? '' : token
  })
}

// A hundred thousand brackets would otherwise be indented to millions of blanks.
function lineAt(depth: number): string {
  return depth > DEEPEST_INDENT ? '' : `\n${'  '.repeat(Math.max(depth, 0))}`
}
