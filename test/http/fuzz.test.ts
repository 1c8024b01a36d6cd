import { openArchive } from '#open-archive'
import { expect, it } from 'vitest'
import { fuzz } from '../support/fuzz/drive.ts'
import { cookieOf, signIn } from './console/signed-in.ts'

// `npm run test:faults -- --only fuzz` tries many more.
it('whatever anybody sends is no failure, and whatever is signed is kept', async () => {
  const archive = await openArchive()
  const answers = await fuzz(archive, { cases: 1000, seed: 1, cookie: cookieOf(await signIn(archive)) })
  expect(answers['2xx']).toBeGreaterThan(300)
  expect(answers['4xx']).toBeGreaterThan(100)
})
