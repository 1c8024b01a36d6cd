import { openArchive } from '#open-archive'
import { expect, it } from 'vitest'
import { SETTINGS } from '../support/fuzz/credentials.ts'
import { fuzz } from '../support/fuzz/drive.ts'

// `npm run test:faults -- --only fuzz` tries many more.
it('whatever anybody sends is no failure, and whatever is signed is kept', async () => {
  const archive = await openArchive(SETTINGS)
  const answers = await fuzz(archive, { cases: 1000, seed: 1 })
  expect(answers['2xx']).toBeGreaterThan(300)
  expect(answers['4xx']).toBeGreaterThan(100)
})
