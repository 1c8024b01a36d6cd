/** Contents are read so many bytes at a time: SQLite knows how long they are without reading them. */

export type Sized = { id: number; bytes: number }

/** In order, each part of `mostBytes` at most; what is longer by itself stands alone. */
export function inParts<Row extends Sized>(rows: readonly Row[], mostBytes: number): Row[][] {
  const parts: Row[][] = []
  let room = 0
  for (const row of rows) {
    room -= row.bytes
    const part = parts.at(-1)
    if (part && room >= 0) part.push(row)
    else {
      parts.push([row])
      room = mostBytes - row.bytes
    }
  }
  return parts
}
