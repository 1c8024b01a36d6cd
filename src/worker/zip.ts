/** Reads zips of local files that are stored or deflated: all that RongCloud's need, without a disk or a library. */
import { memberName } from '../rongcloud/history-log/packing.ts'
import { crc32 } from './crc32.ts'
import type { HeldBytes } from './held-bytes.ts'
import { inflated } from './unpacking.ts'

export type Member = {
  name: string
  isEncrypted: boolean
  method: number
  crc32: number
  packedBytes: number
  headerAt: number
}

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const HEADER_SIGNATURE = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const HEADER_BYTES = 30
const COMMENT_MAX_BYTES = 0xffff
// These stand for "see the 64-bit field".
const [FULL_16, FULL_32] = [0xffff, 0xffffffff]
const [STORED, DEFLATED] = [0, 8]

const decoder = new TextDecoder()

/** As the directory at its end lists them. @throws when that cannot be read */
export function listMembers(zip: HeldBytes): Member[] {
  const { count, from, bytes } = findDirectory(zip)
  const directory = viewOf(zip.at(from, from + bytes))
  const members: Member[] = []
  let at = 0
  while (members.length < count) {
    if (at + ENTRY_BYTES > bytes || directory.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw new Error('its directory is damaged')
    const nameBytes = directory.getUint16(at + 28, true)
    members.push(memberAt(directory, at, nameBytes))
    at += ENTRY_BYTES + nameBytes + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true)
  }
  return members.filter(({ name }) => !name.endsWith('/'))
}

/** @throws when it is not what its directory says */
export async function* readMember(zip: HeldBytes, member: Member): AsyncGenerator<Uint8Array> {
  const { isEncrypted, method, headerAt, packedBytes } = member
  const name = memberName(member.name)
  if (isEncrypted) throw new Error(`${name} is encrypted`)
  if (method !== STORED && method !== DEFLATED) throw new Error(`${name} is packed in an unknown way`)
  const header = viewOf(zip.at(headerAt, headerAt + HEADER_BYTES))
  if (header.getUint32(0, true) !== HEADER_SIGNATURE) throw new Error(`${name} is damaged`)
  const from = headerAt + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  if (from + packedBytes > zip.length) throw new Error(`${name} is cut off`)
  const packed = zip.between(from, from + packedBytes)
  let sum = 0
  for await (const piece of method === DEFLATED ? inflated(packed) : packed) {
    sum = crc32(piece, sum)
    yield piece
  }
  if (sum !== member.crc32) throw new Error(`${name} is damaged`)
}

function findDirectory(zip: HeldBytes) {
  const start = Math.max(zip.length - END_BYTES - COMMENT_MAX_BYTES, 0)
  const tail = viewOf(zip.at(start, zip.length))
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    const isEnd =
      tail.getUint32(at, true) === END_SIGNATURE &&
      at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength
    if (!isEnd) continue
    const count = tail.getUint16(at + 10, true)
    const bytes = tail.getUint32(at + 12, true)
    const from = tail.getUint32(at + 16, true)
    if (count === FULL_16 || bytes === FULL_32 || from === FULL_32) throw zip64()
    if (from + bytes > start + at) throw new Error('its directory is damaged')
    return { count, bytes, from }
  }
  throw new Error('is no whole zip: its directory is missing')
}

function memberAt(directory: DataView, at: number, nameBytes: number): Member {
  if (at + ENTRY_BYTES + nameBytes > directory.byteLength) throw new Error('its directory is damaged')
  const packedBytes = directory.getUint32(at + 20, true)
  const headerAt = directory.getUint32(at + 42, true)
  if (packedBytes === FULL_32 || headerAt === FULL_32) throw zip64()
  return {
    name: decoder.decode(
      new Uint8Array(directory.buffer, directory.byteOffset + at + ENTRY_BYTES, nameBytes),
    ),
    isEncrypted: (directory.getUint16(at + 8, true) & 1) === 1,
    method: directory.getUint16(at + 10, true),
    crc32: directory.getUint32(at + 16, true),
    packedBytes,
    headerAt,
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function zip64(): Error {
  return new Error('is a zip64, which a Worker does not read: import it with `archive logs import`')
}
