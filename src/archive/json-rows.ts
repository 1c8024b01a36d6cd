/** Many rows in few bound values: D1 takes a hundred values a statement and some 2 MB a value. */

const ROWS_MAX = 250

// UTF-16 units, of which one is three bytes at most and six when JSON has to escape it.
const LENGTH_MAX = 250_000

/** Rows as JSON lists of lists for `json_each`; a row that is large by itself stands alone. */
export function jsonRows(rows: readonly (readonly unknown[])[]): string[] {
  const parts: string[][] = []
  let length = 0
  for (const row of rows) {
    const json = JSON.stringify(row)
    length += json.length
    const part = parts.at(-1)
    if (part && part.length < ROWS_MAX && length <= LENGTH_MAX) part.push(json)
    else {
      parts.push([json])
      length = json.length
    }
  }
  return parts.map((part) => `[${part.join(',')}]`)
}
