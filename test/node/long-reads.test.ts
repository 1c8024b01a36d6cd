import { openArchive } from '#open-archive'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { deliverMessage } from '../support/requests.ts'

// Counts as far as told, so that how long it takes is ours to choose.
const longQuestion = sql`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000000) SELECT count(*) FROM n`

describe('long questions', () => {
  it('delay no callback, not even one that comes again', async () => {
    const archive = await openArchive()
    const answered: string[] = []
    const questions = Array.from({ length: 4 }, async () => {
      await archive.store.db.all(longQuestion)
      answered.push('question')
    })
    for (const name of ['new', 'again']) {
      expect((await deliverMessage(archive)).status).toBe(200)
      answered.push(name)
    }
    await Promise.all(questions)
    expect(answered.slice(0, 2)).toEqual(['new', 'again'])
  })
})
