/** Undoes a callback's `Content-Encoding`. RongCloud sends none, but what stands between may. */
import { ArchiveError } from '../domain/errors.ts'
import type { Unpack, Unpacking } from '../domain/ports.ts'
import { isUtf8 } from '../rongcloud/utf8.ts'

/** `unreadable`: why the body is still packed, and the bytes are those that came. */
export type UnpackedBody = { body: Uint8Array; unreadable?: string }

// The same as of a body that comes as it is.
const UNPACKED_MAX_BYTES = 1024 * 1024
// Each costs time; two are odd enough.
const MOST_CODINGS = 4

/**
 * @param header `Content-Encoding`; several codings are undone from the last to the first
 * @throws ArchiveError `too_large` when more would come out than a body may have
 */
export function unpackBody(
  unpacking: Unpacking,
  bytes: Uint8Array,
  header: string | undefined,
): UnpackedBody {
  if (header === undefined) return { body: bytes }
  const codings = header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const steps = codings.toReversed().map((coding) => stepOf(unpacking, coding))
  if (codings.length > MOST_CODINGS || steps.includes(null))
    return asText(bytes) ?? packed(bytes, `${header} is not known here`)
  try {
    return { body: (steps as Unpack[]).reduce((body, step) => step(body, UNPACKED_MAX_BYTES), bytes) }
  } catch (error) {
    if (error instanceof RangeError)
      throw new ArchiveError('too_large', 'the unpacked body is larger than 1 MiB', { cause: error })
    return asText(bytes) ?? packed(bytes, `${header}: ${(error as Error).message}`)
  }
}

// A proxy that unpacks may leave the header as it was, and some senders write `utf-8` there. What is packed is never UTF-8.
function asText(bytes: Uint8Array): UnpackedBody | null {
  return isUtf8(bytes) ? { body: bytes } : null
}

function packed(bytes: Uint8Array, why: string): UnpackedBody {
  return { body: bytes, unreadable: `Content-Encoding ${why.slice(0, 200)}` }
}

function stepOf({ gzip, deflate, deflateRaw, brotli }: Unpacking, coding: string): Unpack | null {
  if (coding === 'gzip' || coding === 'x-gzip') return gzip
  if (coding === 'br') return brotli
  // Some senders mean the bare stream by it, without the two bytes that begin zlib's.
  if (coding === 'deflate') return (bytes, most) => (isZlib(bytes) ? deflate : deflateRaw)(bytes, most)
  return null
}

function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
}
