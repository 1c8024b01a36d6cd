/** Positions as opaque text: clients get a cursor with a page and hand it back unchanged. */
import { z } from 'zod'
import type { Page } from '../../archive/page.ts'
import { optional, text } from '../parameters.ts'

type Values = readonly (string | number)[]

export function writeCursor(values: Values): string {
  return toBase64Url(JSON.stringify(values))
}

/** A `cursor` parameter that reads back as what {@link writeCursor} was given. */
export function cursorOf<T extends z.ZodType<Values>>(values: T) {
  const cursor = text.transform((given, context) => {
    const parsed = values.safeParse(readJson(given))
    if (parsed.success) return parsed.data
    context.addIssue('is malformed; hand back the `next` of a page unchanged')
    return z.NEVER
  })
  return optional(cursor).meta({ description: 'Where the page before ended: its `next`.' })
}

/** `items` of a page, and the cursor of the next one: null when this is the last. */
export function pageSchema(item: z.ZodType, id: string) {
  return z
    .object({
      items: z
        .array(item)
        .meta({ description: 'Up to `limit`; fewer where they are long, also when there is a `next`.' }),
      next: z.string().nullable().meta({ description: 'Cursor of the next page, null on the last.' }),
    })
    .meta({ id })
}

/** What is answered of a page. @param positionOf sort key of the last item */
export function toAnswer<Row, Item>(
  { rows, more }: Page<Row>,
  { positionOf, toItem }: { positionOf: (row: Row) => Values; toItem: (row: Row) => Item },
): { items: Item[]; next: string | null } {
  const last = rows.at(-1)
  const next = more && last !== undefined ? writeCursor(positionOf(last)) : null
  return { items: rows.map(toItem), next }
}

function toBase64Url(value: string): string {
  const bytes = new TextEncoder().encode(value)
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function readJson(cursor: string): unknown {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))))
  } catch {
    return undefined
  }
}
