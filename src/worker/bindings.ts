import type { HeldCallback } from '../ingest/held-callback.ts'

/** What wrangler.toml binds; settings come beside these by their own names. */
export type Bindings = Record<string, unknown> & {
  DB: D1Database
  /** Files of Swagger UI. */
  ASSETS: Fetcher
  /** Optional: holds callbacks through a burst. */
  CALLBACK_QUEUE?: Queue<HeldCallback>
}
