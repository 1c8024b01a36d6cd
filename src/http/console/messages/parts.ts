/** Pieces of which the renderers make messages. */
import { html, type Html, type Piece } from '../html.ts'
import type { View } from '../view.ts'
import { fill, typeName, type Words } from '../words.ts'
import { plain, shown } from './showable.ts'

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

/** `a, b and so on`: never more than a handful of a list that may be thousands long. */
export function names(all: readonly string[], words: Words): Html {
  return listed(all, (name) => html`<b class="value">${shown(name)}</b>`, words)
}

/** A user by name where one is known; the id is never far. Null and '' are somebody. */
export function person(userId: string | null, { userName, words }: Pick<View, 'userName' | 'words'>): Html {
  if (userId === null || userId === '') return html`<b class="value">${words.somebody}</b>`
  return html`<b class="value" title="${plain(userId)}">${shown(userName(userId))}</b>`
}

export function people(userIds: readonly string[], view: Pick<View, 'userName' | 'words'>): Html {
  return listed(userIds, (userId) => person(userId, view), view.words)
}

function listed(all: readonly string[], show: (one: string) => Html, words: Words): Html {
  const more = all.length - MOST_NAMES
  return pieces(
    all.slice(0, MOST_NAMES).map((one, at) => [at > 0 ? words.listSeparator : '', show(one)]),
    more > 0 ? [' ', aside(fill(words.content.more, { count: more }))] : null,
  )
}

export function nameOfType(words: Words, objectName: string): Html {
  return html`<span class="type">${shown(typeName(words, objectName))}</span>`
}
