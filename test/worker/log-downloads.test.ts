import { describe, expect, it } from 'vitest'
import { openDownload } from '../../src/worker/log-downloads.ts'
import { crc32 } from '../../src/worker/crc32.ts'
import { zipOf } from '../support/fake-rongcloud-api.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function textsOf(zip: Uint8Array, size = 7) {
  const texts: [string, string][] = []
  for await (const { name, pieces } of openDownload(inPieces(zip, size))) {
    const decoder = new TextDecoder()
    let text = ''
    for await (const piece of pieces) text += decoder.decode(piece, { stream: true })
    texts.push([name, text])
  }
  return texts
}

describe('a download on Workers', () => {
  it('is unpacked member by member, whatever pieces it came in', async () => {
    const members = { 'a.log': 'α'.repeat(100_000), 'b/空.log': '', 'c.log': 'c' }
    const zip = await zipOf(members)
    expect(await textsOf(zip)).toEqual(Object.entries(members))
    expect(await textsOf(zip, zip.length)).toEqual(Object.entries(members))
  })

  it('says what is wrong with a zip that it does not read', async () => {
    await expect(textsOf(await zipOf({ a: 'a' }, { forceZip64Format: true }))).rejects.toThrow('zip64')
    const zip = await zipOf({ a: 'abcabc' })
    const encrypted = zip.slice()
    const entryAt = zip.findIndex((byte, i) => byte === 0x50 && zip[i + 2] === 1 && zip[i + 3] === 2)
    encrypted[entryAt + 8]! |= 1
    await expect(textsOf(encrypted)).rejects.toThrow('a is encrypted')
    for (let length = 2; length < zip.length; length++)
      await expect(textsOf(zip.slice(0, length))).rejects.toThrow('is no whole zip')
  })

  it('never takes a damaged zip for a whole one', async () => {
    const zip = await zipOf({ a: 'abcabc'.repeat(10) })
    const whole = JSON.stringify(await textsOf(zip))
    for (let at = 2; at < zip.length; at++) {
      const damaged = zip.map((byte, i) => (i === at ? byte ^ 255 : byte))
      const text = await textsOf(damaged).then(
        (texts) => JSON.stringify(texts.map(([, content]) => ['a', content])),
        () => whole,
      )
      expect(text, `byte ${at}`).toBe(whole)
    }
  })

  it('counts the sum that zips have', () => {
    expect(crc32(new TextEncoder().encode('123456789'), 0)).toBe(0xcbf43926)
  })
})
