import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { deliverMessage, get } from '../support/requests.ts'

describe('a closed archive', () => {
  it('answers 503 at once, and may be closed again', async () => {
    const archive = await openArchive()
    await archive.store.close()
    await archive.store.close()
    expect((await deliverMessage(archive)).status).toBe(503)
    expect((await get(archive, '/api/v1/messages')).status).toBe(503)
    expect((await archive.request('/readyz')).status).toBe(503)
  })
})
