/** The little of Node's types that `nodejs_compat` is used for; the rest would let Node slip in. */
declare module 'node:crypto' {
  type Hash = { update: (data: string | Uint8Array) => Hash; digest: (encoding: 'hex') => string }
  export function createHash(algorithm: 'sha1' | 'sha256'): Hash
}

declare module 'node:zlib' {
  type UnpackSync = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array
  export const gunzipSync: UnpackSync
  export const inflateSync: UnpackSync
  export const inflateRawSync: UnpackSync
  export const brotliDecompressSync: UnpackSync
}
