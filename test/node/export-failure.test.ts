import { openArchive } from '#open-archive'
import { expect, it } from 'vitest'
import { deliverMessage, get } from '../support/requests.ts'

it('an export that fails on the way has no end, and the log says so', async () => {
  const archive = await openArchive()
  await Promise.all(Array.from({ length: 501 }, (_, n) => deliverMessage(archive, { msgUID: `M-${n}` })))
  const reader = (await get(archive, '/api/v1/export')).body!.getReader()
  await reader.read()
  await archive.store.close()
  const rest = async () => {
    while (!(await reader.read()).done);
  }
  // A server prints what this says.
  await expect(rest()).rejects.toThrow(/^the answer broke off$/)
  const failed = archive.logged.find((line) => line.includes('export failed')) ?? '{}'
  expect(JSON.parse(failed)).toMatchObject({
    path: '/api/v1/export',
    requestId: expect.stringMatching(/./) as string,
    reason: expect.stringContaining('the archive is closed') as string,
  })
})
