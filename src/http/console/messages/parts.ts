/** Pieces of which the renderers make messages. */
import { html, type Html, type Piece } from '../html.ts'
import { fill, typeName, type Words } from '../words.ts'
import { shown } from './showable.ts'

/** A box with an icon's worth of meaning in its class: `file`, `place`, `contact`. */
export function card(kind: string, lines: readonly Piece[]): Html {
  const present = lines.filter((line) => line !== null)
  return html`<div class="card ${kind}">${present.map((line) => html`<div class="row">${line}</div>`)}</div>`
}

export function title(text: string): Html {
  return html`<strong class="title" dir="auto">${shown(text)}</strong>`
}

/** One sentence about what happened. */
export function sentence(
  template: string,
  values: Readonly<Record<string, string | number | Html>> = {},
): Html {
  return html`<span class="sentence">${fill(template, values)}</span>`
}

export function pieces(...parts: readonly Piece[]): Html {
  return html`${parts}`
}

/** Small and grey, behind what matters. */
export function aside(...parts: readonly Piece[]): Html {
  return html`<span class="aside">${parts}</span>`
}

const MOST_NAMES = 20

/** `u2, u3 and so on`: never more than a handful of a list that may be thousands long. */
export function names(ids: readonly string[], words: Words): Html {
  const some = ids.slice(0, MOST_NAMES)
  const more = ids.length - some.length
  return pieces(
    some.map((id, at) => [at > 0 ? words.listSeparator : '', html`<b class="value">${shown(id)}</b>`]),
    more > 0 ? [' ', aside(fill(words.content.more, { count: more }))] : null,
  )
}

export function nameOfType(words: Words, objectName: string): Html {
  return html`<span class="type">${shown(typeName(words, objectName))}</span>`
}
