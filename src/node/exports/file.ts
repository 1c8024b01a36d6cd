/** Files that an export has written: whether one is whole, and where a cut one can go on. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { parse } from 'csv-parse'
import type { Checkpoint } from '../../http/export/format.ts'
import { nodeHashing } from '../hashing.ts'

// Longer than any trailer.
const TRAILER_MAX = 256
const TRAILERS = [
  /(?:^|\n)\{"type":"end","count":(\d+),"sha256":"([0-9a-f]{64})"\}\n$/,
  /(?:^|\n)end,(\d+),([0-9a-f]{64})\r\n$/,
  /(?:^|\n)<!-- end (\d+) ([0-9a-f]{64}) -->\n$/,
]

export type ExportEnd = { count: number; sha256: string; bytes: number }

/** What the last line tells, `bytes` being the length before it; null when the file is cut. */
export async function readEnd(path: string): Promise<ExportEnd | null> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Math.max(size - TRAILER_MAX, 0)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start })
    const text = buffer.toString('latin1', 0, bytesRead)
    const found = TRAILERS.map((trailer) => trailer.exec(text)).find((match) => match !== null)
    if (!found) return null
    const [whole, count, sha256] = found
    const bytes = start + found.index + (whole.startsWith('\n') ? 1 : 0)
    return { count: Number(count), sha256: String(sha256), bytes }
  } finally {
    await file.close()
  }
}

/** Whether a file begins with this text, or was cut before its end. */
export async function beginsWith(path: string, text: string): Promise<boolean> {
  const expected = Buffer.from(text)
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(expected.byteLength), position: 0 })
    return buffer.subarray(0, bytesRead).equals(expected.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** The running hash of the first `bytes` of a file. */
export async function hashStart(
  path: string,
  bytes: number,
  step: (bytes: number) => void = () => undefined,
) {
  const hash = nodeHashing.startSha256()
  if (bytes === 0) return hash
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) {
    hash.update(chunk as Buffer)
    step((chunk as Buffer).byteLength)
  }
  return hash
}

/** The last place from where a cut file can go on; null when there is none, and it has to begin anew. */
export async function findCheckpoint(
  path: string,
  format: 'ndjson' | 'csv' | 'html',
): Promise<(Checkpoint & { bytes: number }) | null> {
  return format === 'csv' ? findInCsv(path) : findInLines(path)
}

const NEXTS = [/^\{"type":"next","after":"([\w-]+)","count":(\d+)\}$/, /^<!-- next ([\w-]+) (\d+) -->$/]

async function findInLines(path: string) {
  let last: (Checkpoint & { bytes: number }) | null = null
  for await (const { text, end } of readLines(path)) {
    const [, after, count] = NEXTS.map((next) => next.exec(text)).find((match) => match !== null) ?? []
    if (after !== undefined) last = { after, count: Number(count), bytes: end }
  }
  return last
}

// A cell may hold lines that look like rows.
async function findInCsv(path: string) {
  let last: (Checkpoint & { bytes: number }) | null = null
  const parser = createReadStream(path).pipe(
    parse({ bom: true, columns: true, info: true, relax_column_count: true, skip_records_with_error: true }),
  )
  let count = 0
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>
    info: { bytes: number }
  }>) {
    count++
    if (record.after) last = { after: record.after, count, bytes: info.bytes }
  }
  return last
}

/** Lines of UTF-8 with the place behind each in bytes. @throws Error naming a line that is none */
export async function* readLines(path: string): AsyncGenerator<{ text: string; end: number }> {
  let number = 0
  for await (const { bytes, end } of readRawLines(path)) {
    number++
    if (!isUtf8(bytes)) throw new Error(`line ${number} is not UTF-8`)
    yield { text: bytes.toString(), end }
  }
}

/** Lines with the place behind each. @param unended whether to give a last one without an end too */
export async function* readRawLines(
  path: string,
  unended = false,
): AsyncGenerator<{ bytes: Buffer; end: number }> {
  let rest: Buffer[] = []
  let end = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    let from = 0
    for (;;) {
      const at = (chunk as Buffer).indexOf(0x0a, from)
      if (at < 0) break
      const bytes = Buffer.concat([...rest, (chunk as Buffer).subarray(from, at)])
      rest = []
      end += bytes.byteLength + 1
      from = at + 1
      yield { bytes, end }
    }
    rest.push((chunk as Buffer).subarray(from))
  }
  const last = Buffer.concat(rest)
  if (unended && last.byteLength > 0) yield { bytes: last, end: end + last.byteLength }
}
