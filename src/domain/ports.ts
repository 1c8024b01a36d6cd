/** What the core needs of its runtime; each door fills these. */

/** Synchronous on both runtimes (`node:crypto`; `nodejs_compat` on Workers). Hex in lower case. */
export type Hashing = {
  sha1: (text: string) => string
  sha256: (data: string | Uint8Array) => string
  /** For what is too long to hold at once. */
  startSha256: () => RunningHash
}

/** Ends with `digest`. */
export type RunningHash = { update: (data: string | Uint8Array) => void; digest: () => string }

/** What undoes the content codings of HTTP (`node:zlib`; `nodejs_compat` on Workers). Synchronous, as bodies are small. */
export type Unpacking = Record<'gzip' | 'deflate' | 'deflateRaw' | 'brotli', Unpack>

/** @throws RangeError when more than `mostBytes` come out; another error when the bytes are damaged */
export type Unpack = (bytes: Uint8Array, mostBytes: number) => Uint8Array

/** One JSON line each. Never message content, never a secret. */
export type Log = {
  debug: (event: string, facts?: Record<string, unknown>) => void
  info: (event: string, facts?: Record<string, unknown>) => void
  warn: (event: string, facts?: Record<string, unknown>) => void
  error: (event: string, facts?: Record<string, unknown>) => void
}

/** Adds one to the counter of that name and those labels. */
export type Count = (name: string, labels?: Record<string, string>) => void
