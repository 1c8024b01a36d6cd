/** What the files of an export have in common: a head, pages, and an end that tells a whole file from a cut one. */
import type { Exported, ExportPage, ExportPosition } from '../../archive/export.ts'
import type { Hashing, RunningHash } from '../../domain/ports.ts'
import { writeCursor } from '../api/cursor.ts'

/** From where a file can go on: `after` as a cursor, and how many entries it holds so far. */
export type Checkpoint = { after: string; count: number }

export type Format = {
  contentType: string
  head: () => string
  page: (entries: readonly Exported[], here: Checkpoint | null) => string | Promise<string>
  /** How many of the entries it writes. */
  count: (entries: readonly Exported[]) => number
  /** Stands before the trailer and is hashed with the rest. */
  tail: (count: number) => string
  /** The last line; the hash is of every byte before it. */
  trailer: (count: number, sha256: string) => string
}

/**
 * The text of a file in parts.
 * @param begun a file that was cut: how many entries it holds and its running hash; null writes a new one
 */
export async function* writeExport(
  { format, pages, hashing }: { format: Format; pages: AsyncIterable<ExportPage>; hashing: Hashing },
  begun: { count: number; hash: RunningHash } | null = null,
): AsyncGenerator<string> {
  const hash = begun?.hash ?? hashing.startSha256()
  const hashed = (text: string) => {
    hash.update(text)
    return text
  }
  let count = begun?.count ?? 0
  if (begun === null) yield hashed(format.head())
  for await (const { entries, end } of pages) {
    count += format.count(entries)
    const text = await format.page(entries, end && { after: cursorOfPosition(end), count })
    if (text !== '') yield hashed(text)
  }
  yield hashed(format.tail(count))
  yield format.trailer(count, hash.digest())
}

function cursorOfPosition(position: ExportPosition): string {
  return 'messageId' in position
    ? writeCursor([position.messageId, position.changeId])
    : writeCursor([position.sentAtMs, position.appKey, position.msgUID])
}
