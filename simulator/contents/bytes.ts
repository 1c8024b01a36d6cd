/** Base64 of things that look like pictures and voices: a true head, and noise where the rest would be. */
import { createRandom, type Random } from '../random.ts'

const JPEG_HEAD = '/9j/4AAQSkZJRgABAQAAAQABAAD/'
const AMR_HEAD = 'IyFBTVIK'
const AMR_BYTES_PER_SECOND = 750
const NOISE_BYTES = 65_536

const { whole } = createRandom(1)
const noise = Buffer.from(Array.from({ length: NOISE_BYTES }, () => whole(0, 255)))

/** A thumbnail of the size RongCloud recommends, about 5 KB (protocol §2.6). */
export function thumbnail(random: Random): string {
  return JPEG_HEAD + noiseOf(random, random.whole(900, 5200))
}

export function voice(random: Random, seconds: number): string {
  return AMR_HEAD + noiseOf(random, seconds * AMR_BYTES_PER_SECOND)
}

function noiseOf(random: Random, bytes: number): string {
  const start = random.whole(0, NOISE_BYTES - bytes)
  return noise.toString('base64', start, start + bytes)
}
