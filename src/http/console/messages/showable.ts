/**
 * Text from outside, made fit to be looked at. Nothing in it may reach beyond its own place on the page: not by
 * steering the direction of writing, not by towers of accents, not by what no page can hold.
 */
import { html, type Html } from '../html.ts'

// Control characters but tab, line feed and carriage return.
const CONTROLS = /[\p{Cc}--[\t\n\r]]/gv
// Embeddings, overrides and isolates. The plain marks (U+200E, U+200F, U+061C) are everyday Arabic and Hebrew.
const STEERING = /[\u202a-\u202e\u2066-\u2069]/g
// No script piles up as many; a flag of England ends in six, a family has joiners between its members.
const PILED = /([\p{M}\p{Cf}]{16})([\p{M}\p{Cf}]+)/gu

const DELETE = 0x7f
const PICTURES = 0x2400
const PICTURE_OF_DELETE = 0x2421

/** Most of a name, an id, an address. */
const LONGEST_NAME = 500

/** The text with what would do harm made visible: `‹U+202E›` for an override, `␀` for NUL, `‹+99›` for more accents. */
export function showable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(CONTROLS, (control) => pictureOf(control.charCodeAt(0)))
    .replaceAll(STEERING, codePoint)
    .replaceAll(PILED, (_, kept: string, rest: string) => `${kept}‹+${rest.length}›`)
}

function pictureOf(control: number): string {
  if (control > DELETE) return codePoint(String.fromCharCode(control))
  return String.fromCharCode(control === DELETE ? PICTURE_OF_DELETE : PICTURES + control)
}

function codePoint(character: string): string {
  return `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`
}

/** At most so many UTF-16 units, no character cut in two. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}

/** A name, an id, a title: short, of a direction of its own. */
export function shown(text: string): Html {
  return html`<bdi>${plain(text)}</bdi>`
}

/** The same for an attribute, where there is no markup. */
export function plain(text: string): string {
  const short = cut(text, LONGEST_NAME)
  return showable(short) + (short.length < text.length ? '…' : '')
}
