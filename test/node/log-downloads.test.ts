import { readdirSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { openDownload } from '../../src/node/log-downloads.ts'
import { zipOf } from '../support/fake-rongcloud-api.ts'
import { temporaryFolder } from '../support/server-process.ts'

it.each([
  ['a zip', () => zipOf({ a: 'line\n' })],
  ['a plain file', () => Promise.resolve(new TextEncoder().encode('line\n'))],
])('a download of %s leaves nothing behind, whenever the process is killed', async (_what, bytes) => {
  const folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  const found: string[][] = []
  async function* pieces() {
    for (const byte of await bytes()) yield Uint8Array.of(byte)
    found.push(readdirSync(folder))
  }
  let text = ''
  for await (const log of openDownload(pieces())) {
    found.push(readdirSync(folder))
    for await (const piece of log.pieces) text += new TextDecoder().decode(piece)
  }
  vi.unstubAllEnvs()
  expect({ text, found }).toEqual({ text: 'line\n', found: [[], []] })
})
