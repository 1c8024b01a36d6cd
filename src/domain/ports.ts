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

/** One JSON line each. Never message content, never a secret. */
export type Log = {
  debug: (event: string, facts?: Record<string, unknown>) => void
  info: (event: string, facts?: Record<string, unknown>) => void
  warn: (event: string, facts?: Record<string, unknown>) => void
  error: (event: string, facts?: Record<string, unknown>) => void
}

/** Adds one to the counter of that name and those labels. */
export type Count = (name: string, labels?: Record<string, string>) => void
