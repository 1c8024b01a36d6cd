import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { Unpacking } from '../domain/ports.ts'

/** By `nodejs_compat`: a `DecompressionStream` knows no brotli here, and neither joined gzips nor a limit. */
export const workerUnpacking: Unpacking = {
  gzip: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  deflate: (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }),
  deflateRaw: (bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength }),
  brotli: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }),
}
