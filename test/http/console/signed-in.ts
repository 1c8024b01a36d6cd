/** The console as an operator's browser asks for it. */
import { openArchive } from '#open-archive'
import { expect } from 'vitest'
import { CONSOLE_PASSWORD, type ArchiveUnderTest } from '../../support/archive.ts'

export const ORIGIN = 'http://localhost'

type Given = { next?: string; headers?: Record<string, string> }

export function submit(
  archive: ArchiveUnderTest,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return archive.request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: ORIGIN, ...headers },
    body: new URLSearchParams(fields).toString(),
  })
}

export function signIn(
  archive: ArchiveUnderTest,
  password = CONSOLE_PASSWORD,
  { next = '', headers = {} }: Given = {},
): Promise<Response> {
  return submit(archive, '/console/sign-in', { password, next }, headers)
}

/** `name=value` of the session's cookie. */
export function cookieOf(answer: Response): string {
  return /\b(?:__Host-)?console_session=[^;]+/.exec(answer.headers.get('Set-Cookie') ?? '')?.[0] ?? ''
}

export type Operator = {
  archive: ArchiveUnderTest
  cookie: string
  get: (path: string, headers?: Record<string, string>) => Promise<Response>
  /** The text of a page that is answered 200. */
  page: (path: string, headers?: Record<string, string>) => Promise<string>
  submit: (
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Response>
}

/** English, unless headers say otherwise. */
export async function operatorOf(archive: ArchiveUnderTest): Promise<Operator> {
  const cookie = cookieOf(await signIn(archive))
  const own = { Cookie: cookie, 'Accept-Language': 'en' }
  const get = (path: string, headers: Record<string, string> = {}) =>
    archive.request(path, { headers: { ...own, ...headers } })
  return {
    archive,
    cookie,
    get,
    page: async (path, headers) => {
      const answer = await get(path, headers)
      const text = await answer.text()
      expect([answer.status, answer.status === 200 ? '' : text]).toEqual([200, ''])
      return text
    },
    submit: (path, fields, headers = {}) => submit(archive, path, fields, { ...own, ...headers }),
  }
}

export async function openConsole(settings: Record<string, string> = {}): Promise<Operator> {
  return operatorOf(await openArchive(settings))
}
