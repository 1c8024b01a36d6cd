/** The platform's own decompression, piece by piece. */
type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export const inflated = (pieces: Pieces) => through('deflate-raw', pieces)
export const gunzipped = (pieces: Pieces) => through('gzip', pieces)

async function* through(format: 'deflate-raw' | 'gzip', pieces: Pieces): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream(format)
  // What goes wrong here is thrown by reading what comes out.
  writeAll(writable, pieces).catch(() => undefined)
  yield* readable
}

async function writeAll(writable: WritableStream, pieces: Pieces): Promise<void> {
  const writer = writable.getWriter()
  try {
    for await (const piece of pieces) await writer.write(piece)
    await writer.close()
  } catch (error) {
    await writer.abort(error)
  }
}
