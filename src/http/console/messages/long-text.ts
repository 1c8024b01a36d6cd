/** What somebody wrote: emoji a little larger, links that lead out, mentions marked, and an end even to the longest. */
import { html, type Html, type Piece } from '../html.ts'
import type { View } from '../view.ts'
import { fill } from '../words.ts'
import { EMOJI } from './emoji.ts'
import { remainder } from './folded.ts'
import { anchor, httpUrl } from './links.ts'
import { cut, showable } from './showable.ts'

const LONGEST_AT_ONCE = 2000

// A link ends before the punctuation of the sentence around it, Chinese or not.
const LINK = String.raw`https?:\/\/[^\s\p{C}<>"'\x60，。；！？、（）【】《》“”‘’]+`
const MENTION = String.raw`@[^\s\p{C}@，。；！？、,;!?]{1,40}`
const TOKENS = new RegExp(`(?<link>${LINK})|(?<emoji>(?:${EMOJI})+)|(?<mention>${MENTION})`, 'gu')
const SENTENCE_END = /[.,:;!?)\]]+$/

/**
 * Of an archived message that is longer than the view shows, with the way to its whole content.
 * @param marksMentions whether the message mentions anybody; an `@` alone is only an `@`
 */
export function longText(text: string, view: View & { id?: number | null }, marksMentions = false): Html {
  const { words, longestText, id = null } = view
  const start = cut(text, LONGEST_AT_ONCE)
  const first = html`<p class="text" dir="auto">${highlight(start, marksMentions)}</p>`
  if (start.length === text.length) return first
  const count = text.length
  const shown = cut(text, longestText)
  const isWhole = shown.length === count
  return html`${first}
    <details class="whole">
      <summary>${fill(words.content[isWhole ? 'showAll' : 'showMore'], { count: shown.length })}</summary>
      <p class="text" dir="auto">${showable(shown)}</p>
      ${isWhole ? null : remainder(count, { words, id })}
    </details>`
}

function highlight(text: string, marksMentions: boolean): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(TOKENS)) {
    pieces.push(showable(text.slice(end, match.index)), tokenOf(match, marksMentions))
    end = match.index + match[0].length
  }
  return [...pieces, showable(text.slice(end))]
}

function tokenOf({ 0: text, groups }: RegExpExecArray, marksMentions: boolean): Piece {
  if (groups?.emoji !== undefined) return html`<span class="emoji">${showable(text)}</span>`
  if (groups?.link !== undefined) return linkIn(text)
  return marksMentions ? html`<mark class="mention">${showable(text)}</mark>` : showable(text)
}

function linkIn(text: string): Piece {
  const address = text.replace(SENTENCE_END, '')
  const url = httpUrl(address)
  return url === null
    ? showable(text)
    : [anchor(url, showable(address)), showable(text.slice(address.length))]
}
