/** With what requests come that are not RongCloud's. */
import * as fc from 'fast-check'
import { CONSOLE_PASSWORD, KEYS, SETTINGS as USUAL, type ArchiveUnderTest } from '../archive.ts'
import { bearer, memberToken } from '../requests.ts'

const ADMIN = 'key-of-the-operator'

/** Of an archive that is to be fuzzed. */
export const SETTINGS = { API_KEYS: `${USUAL.API_KEYS},operator:${ADMIN}:admin` }

/** Mostly who may do everything, so that requests get further; always with a session of the console. */
export async function anyCredentials(
  archive: ArchiveUnderTest,
): Promise<fc.Arbitrary<Record<string, string>>> {
  const Cookie = await cookieOf(archive)
  const token = await memberToken({ memberId: 1 })
  return fc
    .oneof(
      { weight: 6, arbitrary: fc.constant(ADMIN) },
      { weight: 2, arbitrary: fc.constant(token) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.values(KEYS)) },
      { weight: 1, arbitrary: fc.constant('unknown') },
    )
    .map((credential) => Object.assign(bearer(credential), { Cookie }))
}

async function cookieOf(archive: ArchiveUnderTest): Promise<string> {
  const answer = await archive.request('/console/sign-in', {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ password: CONSOLE_PASSWORD }).toString(),
  })
  const [cookie] = answer.headers.get('Set-Cookie')?.split(';') ?? []
  if (!cookie) throw new Error(`nobody can sign in: ${answer.status}`)
  return cookie
}
