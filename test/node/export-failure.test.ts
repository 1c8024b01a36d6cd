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
  await expect(rest()).rejects.toThrow()
  expect(archive.logged.join()).toMatch(/export failed.*the archive is closed/)
})
