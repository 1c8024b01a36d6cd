/** The check sum of zips (polynomial 0xEDB88320), which no runtime-neutral library of the platform has. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  return sum
})

/** @param before the sum of what came before; 0 at the start */
export function crc32(bytes: Uint8Array, before: number): number {
  let sum = ~before
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff]!
  return ~sum >>> 0
}
