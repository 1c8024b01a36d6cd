import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { deliverMessage, getJson } from '../support/requests.ts'

describe('POST /callbacks/messages', () => {
  it('archives the message so that it can be read back', async () => {
    const archive = await openArchive()
    const answer = await deliverMessage(archive, { msgUID: 'A' })
    expect(answer.status).toBe(200)
    expect(await getJson(archive, '/api/v1/messages?msgUID=A')).toMatchObject({
      items: [{ fromUserId: 'u1' }],
    })
  })
})
