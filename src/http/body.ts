/** Bodies as they come in: how much is read, and of whom; how what was read is taken apart. */
import type { Context } from 'hono'
import { ArchiveError, invalidFields } from '../domain/errors.ts'
import { keepWholeNumbers } from '../domain/exact-json.ts'

const BODY_MAX_BYTES = 1024 * 1024
/** Of who has shown no credential: a hundred times what a password needs. */
export const STRANGERS_BODY_MAX_BYTES = 16 * 1024

/** A JSON or form body, by its first character; multipart by its content type. */
export async function readBody(c: Context, maxBytes?: number): Promise<unknown> {
  const bytes = await bodyOf(c, maxBytes)()
  const contentType = c.req.header('content-type') ?? ''
  if (/^multipart\/form-data/i.test(contentType)) return readMultipart(bytes, contentType)
  const body = new TextDecoder().decode(bytes)
  return /^\s*[[{]/.test(body) ? readJson(body) : Object.fromEntries(new URLSearchParams(body))
}

async function readMultipart(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<unknown> {
  const request = new Response(bytes, { headers: { 'Content-Type': contentType } })
  const form = await request.formData().catch(() => {
    throw invalidFields([{ field: 'body', message: 'is not a valid multipart form' }])
  })
  return Object.fromEntries(form)
}

function readJson(body: string): unknown {
  try {
    // A lone surrogate is no character: the database would not give it back.
    return JSON.parse(body, (name: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'string' ? value.toWellFormed() : keepWholeNumbers(name, value, context),
    )
  } catch {
    throw invalidFields([{ field: 'body', message: 'is not valid JSON' }])
  }
}

/**
 * What reads the body, at most so many bytes; it rejects with `too_large`, or `bad_request` when the body is cut off.
 * @throws ArchiveError `too_large` at once when it is declared to be
 */
export function bodyOf(c: Context, maxBytes = BODY_MAX_BYTES): () => Promise<Uint8Array<ArrayBuffer>> {
  const declared = c.req.header('content-length')
  if (declared !== undefined && Number(declared) > maxBytes) throw tooLarge(maxBytes)
  return () => readBytes(c, declared === undefined, maxBytes).catch(cutOff)
}

async function readBytes(c: Context, isUndeclared: boolean, maxBytes: number) {
  // Without a declared length it must be counted on the way, before memory is spent on it.
  if (isUndeclared && c.req.raw.body) return readCounting(c.req.raw.body, maxBytes)
  return new Uint8Array(await c.req.arrayBuffer())
}

async function readCounting(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

// The sender went away, or took too long.
function cutOff(error: unknown): never {
  if (error instanceof ArchiveError) throw error
  throw new ArchiveError('bad_request', 'the body was cut off', { cause: error })
}

function tooLarge(maxBytes: number): ArchiveError {
  const size = maxBytes < 1024 * 1024 ? `${maxBytes / 1024} KiB` : `${maxBytes / 1024 / 1024} MiB`
  return new ArchiveError('too_large', `the body is larger than ${size}`)
}
