/** The little of Node's types that `nodejs_compat` is used for; the rest would let Node slip in. */
declare module 'node:crypto' {
  type Hash = { update: (data: string | Uint8Array) => Hash; digest: (encoding: 'hex') => string }
  export function createHash(algorithm: 'sha1' | 'sha256'): Hash
}
