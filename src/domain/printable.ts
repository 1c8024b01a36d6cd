/** A name from outside as a line of text may hold it: without what moves a cursor or turns the direction of writing. */
export function printable(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}
