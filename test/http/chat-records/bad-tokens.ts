/** Tokens that must never be good for member 1, each for one reason. */
import { sign } from 'hono/jwt'
import { APP, MEMBER_TOKEN_SECRET, OTHER_APP } from '../../support/archive.ts'
import { memberToken } from '../../support/requests.ts'

const inOneHour = () => Math.floor(Date.now() / 1000) + 3600

const HEADER = '{"alg":"HS256","typ":"JWT"}'
const claims = () => ({ memberId: 1, appKey: APP.appKey, exp: inOneHour() })
const OF_APP = `"appKey":"${APP.appKey}"`

/** Signed rightly by HMAC and SHA-256, whatever header and claims say. */
export async function signedToken(header: string, payload: string): Promise<string> {
  const text = `${base64Url(header)}.${base64Url(payload)}`
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(MEMBER_TOKEN_SECRET), algorithm, false, [
    'sign',
  ])
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))
  return `${text}.${base64Url(String.fromCharCode(...signature))}`
}

function base64Url(bytes: string): string {
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const withHeader = (header: object) => signedToken(JSON.stringify(header), JSON.stringify(claims()))

export const BAD_TOKENS: Record<string, () => Promise<string> | string> = {
  'another secret': () => memberToken({ memberId: 1 }, 'another-secret-of-at-least-32-bytes'),
  'an app secret': () => memberToken({ memberId: 1 }, OTHER_APP.secret),

  'expired just now': () => memberToken({ memberId: 1, exp: Math.floor(Date.now() / 1000) - 1 }),
  'expired in 1970': () => memberToken({ memberId: 1, exp: 0 }),
  'no end': () => sign({ memberId: 1, appKey: APP.appKey }, MEMBER_TOKEN_SECRET, 'HS256'),
  'an end that is null': () => memberToken({ memberId: 1, exp: null }),
  'an end that is text': () => memberToken({ memberId: 1, exp: String(inOneHour()) }),
  'an end beyond all numbers': () => signedToken(HEADER, `{${OF_APP},"memberId":1,"exp":1e999}`),
  'an end more than a year ahead': () => memberToken({ memberId: 1, exp: inOneHour() + 366 * 86_400 }),
  'not yet valid': () => memberToken({ memberId: 1, nbf: inOneHour() }),
  'a beginning that is text': () => memberToken({ memberId: 1, nbf: '0' }),
  'issued tomorrow': () => memberToken({ memberId: 1, iat: inOneHour() + 86_400 }),

  'no member': () => memberToken({ sub: '1' }),
  'a member by another spelling': () => memberToken({ memberid: 1, member_id: 1, MemberId: 1 }),
  'a member that is a word': () => memberToken({ memberId: 'one' }),
  'a member that is an empty text': () => memberToken({ memberId: '' }),
  'a member that is text with a blank': () => memberToken({ memberId: ' 1' }),
  'a member that is text with a sign': () => memberToken({ memberId: '+1' }),
  'a member that is no integer': () => memberToken({ memberId: 1.5 }),
  'a member below zero': () => memberToken({ memberId: -1 }),
  'a member beyond 2^63 - 1': () =>
    signedToken(HEADER, `{${OF_APP},"memberId":9223372036854775808,"exp":${inOneHour()}}`),
  'a member that was rounded': () => signedToken(HEADER, `{${OF_APP},"memberId":1e18,"exp":${inOneHour()}}`),
  'a member with a fraction of nothing': () =>
    signedToken(HEADER, `{${OF_APP},"memberId":1970072392013557230.0,"exp":${inOneHour()}}`),
  'a member beyond all numbers': () =>
    signedToken(HEADER, `{${OF_APP},"memberId":1e999,"exp":${inOneHour()}}`),
  'a member that is null': () => memberToken({ memberId: null }),
  'a list of members': () => memberToken({ memberId: [1] }),
  'a member that is an object': () => memberToken({ memberId: { valueOf: 1 } }),
  'a member that is true': () => memberToken({ memberId: true }),
  'an app that is no text': () => memberToken({ memberId: 1, appKey: 1 }),
  'an app that is null': () => memberToken({ memberId: 1, appKey: null }),
  'no app, where there are two': () => memberToken({ memberId: 1, appKey: undefined }),

  HS512: () => sign(claims(), MEMBER_TOKEN_SECRET, 'HS512'),
  HS384: () => sign(claims(), MEMBER_TOKEN_SECRET, 'HS384'),
  'another algorithm named, and HS256 used': () => withHeader({ alg: 'HS512', typ: 'JWT' }),
  'RS256 with the secret as its key': () => withHeader({ alg: 'RS256', typ: 'JWT' }),
  'ES256 with the secret as its key': () => withHeader({ alg: 'ES256', typ: 'JWT' }),
  'hs256 in small letters': () => withHeader({ alg: 'hs256', typ: 'JWT' }),
  'no algorithm named': () => withHeader({ typ: 'JWT' }),
  'a list of algorithms': () => withHeader({ alg: ['HS256'], typ: 'JWT' }),
  'an extension that we do not know': () =>
    withHeader({ alg: 'HS256', typ: 'JWT', crit: ['b64'], b64: false }),
  'the algorithm none, signed all the same': () => withHeader({ alg: 'none', typ: 'JWT' }),
  'the algorithm none': () =>
    `${base64Url('{"alg":"none","typ":"JWT"}')}.${base64Url(JSON.stringify(claims()))}.`,
  'the algorithm none, and the signature of another token': async () => {
    const signature = (await memberToken({ memberId: 1 })).split('.')[2]
    return `${base64Url('{"alg":"none","typ":"JWT"}')}.${base64Url(JSON.stringify(claims()))}.${signature}`
  },

  'claims of another token': async () => {
    const [header, , signature] = (await memberToken({ memberId: 2 })).split('.')
    return `${header}.${base64Url(JSON.stringify(claims()))}.${signature}`
  },
  'no signature': async () => `${(await memberToken({ memberId: 1 })).split('.').slice(0, 2).join('.')}.`,
  'half a signature': async () => (await memberToken({ memberId: 1 })).slice(0, -20),
  'two parts': async () => (await memberToken({ memberId: 1 })).split('.').slice(0, 2).join('.'),
  'four parts': async () => `${await memberToken({ memberId: 1 })}.x`,
  'claims that are null': () => signedToken(HEADER, 'null'),
  'claims that are a list': () => signedToken(HEADER, '[1]'),
  'claims that are no JSON': () => signedToken(HEADER, 'memberId=1'),
  'nothing but dots': () => '..',
  garbage: () => 'garbage.garbage.garbage',
  'a megabyte of claims': () => memberToken({ memberId: 1, padding: 'x'.repeat(1_000_000) }, 'x'.repeat(40)),
}
