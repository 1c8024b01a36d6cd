/** One request of RongCloud's, as it came in. */
export type ArrivedCallback = {
  /** Path of the URL, still encoded. */
  path: string
  /** Query string of the URL, still encoded, without the `?`. */
  query: string
  /** Request header by name, any case. */
  header: (name: string) => string | undefined
  /** Rejects when the body cannot be had. Until then it is the sender's to hold. */
  readBody: () => Promise<Uint8Array>
  remoteAddress: string | null
  receivedAtMs: number
}
