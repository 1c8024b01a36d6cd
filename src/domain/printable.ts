// Controls move a cursor and more; marks of format turn the direction of writing, or are not seen at all.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A name from outside as a line of text may hold it: without what moves a cursor or turns the direction of writing. */
export function printable(name: string): string {
  return name.replaceAll(UNPRINTABLE, '\uFFFD')
}

/** Lines of text with names from outside among them: the same, but that they stay lines. */
export function printableLines(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => (character === '\n' ? character : '\uFFFD'))
}

/** JSON text that means the same and shows on any terminal what is in it. */
export function printableJson(json: string): string {
  return json.replaceAll(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, i) => escapeOf(character.charCodeAt(i))).join(''),
  )
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
