import { describe, expect, it } from 'vitest'
import { BEIJING, UTC } from '../src/domain/log-zone.ts'
import { ConfigError, parseConfig, parseNodeConfig, SETTING_NAMES } from '../src/config.ts'
import { problemsOf } from './support/problems-of.ts'

// As short as a key may be.
const KEY = 'sixteen-letters!'

const allSetTo = (value: unknown) => Object.fromEntries(SETTING_NAMES.map((name) => [name, value]))
const sorted = (names: readonly string[]) => names.toSorted((one, other) => one.localeCompare(other))
const namesIn = (problems: readonly string[]) =>
  sorted(problems.map((problem) => problem.split(' ', 1).join('')))

const VENDOR = {
  named: [],
  domains: [],
  builtIn: expect.arrayContaining(['rong-api.com', 'ronghub.com']) as string[],
  ranges: [],
  setting: 'RONGCLOUD_LOG_HOSTS',
}

const DEFAULTS = {
  apps: [],
  apiKeys: [],
  memberTokenSecret: null,
  consolePassword: null,
  publicUrl: null,
  rateLimitPerMinute: 0,
  serverApi: {
    hosts: ['https://api.rong-api.com', 'https://api-b.rong-api.com'],
    logZone: BEIJING,
    reaches: VENDOR,
  },
  logZone: BEIJING,
  trustedProxies: [],
  timeZone: 'Asia/Shanghai',
  templates: { member: '{id}', seller: '{id}' },
  callbackIps: [],
  callbackMaxAgeSeconds: 0,
  callbackTimeUnit: 'auto',
  callbackNonceReuse: 'flag',
  idsAs: 'number',
  sameMsgUID: 'conflict',
  customMessageTypes: [],
  fetchesHistory: false,
  logLevel: 'info',
}
const NODE_DEFAULTS = { host: '127.0.0.1', port: 3000, databasePath: 'data/archive.db' }

const WRONG: Record<string, string> = {
  IDS_AS: 'text',
  RONGCLOUD_APPS: 'app',
  API_KEYS: 'key',
  MEMBER_TOKEN_SECRET: 'short',
  CONSOLE_PASSWORD: 'short',
  PUBLIC_URL: 'archive.example.com',
  TRUSTED_PROXIES: 'proxy',
  TIME_ZONE: 'Mars/Olympus',
  MEMBER_USER_ID: 'u',
  SELLER_USER_ID: '{id}{id}',
  CALLBACK_IPS: '300.0.0.1',
  CALLBACK_MAX_AGE_SECONDS: 'ten',
  CALLBACK_TIME_UNIT: 'seconds',
  CALLBACK_NONCE_REUSE: 'allow',
  RONGCLOUD_LOG_ZONE: 'Mars/Olympus',
  RONGCLOUD_LOG_HOSTS: 'http://logs.example.com',
  HISTORY_FETCH: 'yes',
  LOG_LEVEL: 'loud',
  PORT: 'http',
}

describe('the settings', () => {
  it('are safe when nothing is given: loopback, no app, no key', () => {
    expect(parseConfig({})).toEqual(DEFAULTS)
    expect(parseNodeConfig({})).toEqual({ ...DEFAULTS, ...NODE_DEFAULTS })
  })

  it('are each as good as absent when empty or undefined', () => {
    expect(parseNodeConfig(allSetTo(''))).toEqual(parseNodeConfig({}))
    expect(parseNodeConfig(allSetTo(undefined))).toEqual(parseNodeConfig({}))
  })

  it.each<[Record<string, string>, Record<string, unknown>]>([
    [{ HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    [{ HOST: '::1' }, { host: '::1' }],
    [{ PORT: '8080' }, { port: 8080 }],
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '65535' }, { port: 65535 }],
    [{ DATABASE_PATH: '/var/lib/archive.db' }, { databasePath: '/var/lib/archive.db' }],
    [{ RONGCLOUD_APPS: 'app:secret' }, { apps: [{ appKey: 'app', secrets: ['secret'] }] }],
    [{ API_KEYS: `shop:${KEY}:read` }, { apiKeys: [{ name: 'shop', key: KEY, scopes: ['read'] }] }],
    [{ MEMBER_TOKEN_SECRET: ` s:e,c+r=t ${KEY}${KEY} ` }, { memberTokenSecret: ` s:e,c+r=t ${KEY}${KEY} ` }],
    [{ PUBLIC_URL: 'https://archive.example.com' }, { publicUrl: 'https://archive.example.com' }],
    [{ PUBLIC_URL: 'http://10.0.0.1:3000/base/' }, { publicUrl: 'http://10.0.0.1:3000/base' }],
    [{ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }, { trustedProxies: ['10.0.0.0/8', '::1'] }],
    [{ TIME_ZONE: 'America/Los_Angeles' }, { timeZone: 'America/Los_Angeles' }],
    [{ MEMBER_USER_ID: 'u{id}' }, { templates: { member: 'u{id}', seller: '{id}' } }],
    [{ SELLER_USER_ID: 'shop_{id}' }, { templates: { member: '{id}', seller: 'shop_{id}' } }],
    [{ CALLBACK_IPS: '203.0.113.7,2001:db8::/32' }, { callbackIps: ['203.0.113.7', '2001:db8::/32'] }],
    [{ CALLBACK_MAX_AGE_SECONDS: '600' }, { callbackMaxAgeSeconds: 600 }],
    [{ CALLBACK_TIME_UNIT: 'ms' }, { callbackTimeUnit: 'ms' }],
    [{ CALLBACK_NONCE_REUSE: 'refuse' }, { callbackNonceReuse: 'refuse' }],
    [{ SAME_MSG_UID: 'edit' }, { sameMsgUID: 'edit' }],
    [{ CUSTOM_MESSAGE_TYPES: 'app:Order, app:Refund,' }, { customMessageTypes: ['app:Order', 'app:Refund'] }],
    [{ RATE_LIMIT_PER_MINUTE: '600' }, { rateLimitPerMinute: 600 }],
    [{ IDS_AS: 'string' }, { idsAs: 'string' }],
    [{ HISTORY_FETCH: 'on' }, { fetchesHistory: true }],
    [{ LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [{ RONGCLOUD_API: 'off' }, { serverApi: null }],
    [{ RONGCLOUD_LOG_ZONE: 'UTC' }, { logZone: UTC }],
    [
      { RONGCLOUD_LOG_ZONE: 'UTC', RONGCLOUD_API: 'off' },
      { logZone: UTC, serverApi: null },
    ],
    [
      {
        RONGCLOUD_LOG_HOSTS:
          'Logs.Example.com, cdn.example.com:8080,*.OSS.example.com,203.0.113.7,198.51.100.7:81,10.1.0.0/16,2001:db8::/32,[2001:db8::1]:80',
      },
      {
        serverApi: {
          ...DEFAULTS.serverApi,
          reaches: {
            ...VENDOR,
            named: ['logs.example.com', 'cdn.example.com:8080', '198.51.100.7:81', '[2001:db8::1]:80'],
            domains: ['.oss.example.com'],
            ranges: ['203.0.113.7', '10.1.0.0/16', '2001:db8::/32'],
          },
        },
      },
    ],
  ])('%j change that and nothing else', (environment, changes) => {
    expect(parseNodeConfig(environment)).toEqual({ ...DEFAULTS, ...NODE_DEFAULTS, ...changes })
  })

  it('leave alone what the environment holds besides', () => {
    const binding = { prepare: () => undefined }
    expect(parseConfig({ DB: binding, PATH: '/bin', ['__proto__']: 'x', PORT: 'http' })).toEqual(DEFAULTS)
  })
})

const appsOf = (text: string) => parseConfig({ RONGCLOUD_APPS: text }).apps

describe('the apps', () => {
  it('are those listed, in their order, for the first one is meant when none is named', () => {
    expect(appsOf(' b:1 ,, a:2,7:3 ,')).toEqual([
      { appKey: 'b', secrets: ['1'] },
      { appKey: 'a', secrets: ['2'] },
      { appKey: '7', secrets: ['3'] },
    ])
  })

  it('have several secrets while one is being changed', () => {
    expect(appsOf('a:old,b:1,a:new')).toEqual([
      { appKey: 'a', secrets: ['old', 'new'] },
      { appKey: 'b', secrets: ['1'] },
    ])
  })

  it('may have secrets with a colon, and any name', () => {
    expect(appsOf('a:x:y:z,__proto__:1,constructor:2')).toEqual([
      { appKey: 'a', secrets: ['x:y:z'] },
      { appKey: '__proto__', secrets: ['1'] },
      { appKey: 'constructor', secrets: ['2'] },
    ])
  })

  it.each([
    ['a', 1],
    ['a:', 1],
    [':secret', 1],
    [':', 1],
    ['a:b,c', 2],
    ['a b', 1],
  ])('are refused by their place when one has no key or no secret: %j', (text, place) => {
    expect(problemsOf({ RONGCLOUD_APPS: text })).toEqual([
      `RONGCLOUD_APPS entry ${place} must be appKey:appSecret`,
    ])
  })

  it('may have blanks around the colon', () => {
    expect(parseConfig({ RONGCLOUD_APPS: 'a : b , c: d' }).apps).toEqual([
      { appKey: 'a', secrets: ['b'] },
      { appKey: 'c', secrets: ['d'] },
    ])
  })
})

describe('a number', () => {
  it('is as good as its digits, for the `vars` of a Worker may hold one', () => {
    expect(parseConfig({ CALLBACK_MAX_AGE_SECONDS: 600 }).callbackMaxAgeSeconds).toBe(600)
  })
})

describe('wrong settings', () => {
  it('are reported all at once, each by the name of its variable', () => {
    expect(namesIn(problemsOf(WRONG))).toEqual(sorted(Object.keys(WRONG)))
  })

  it('are every one in the message that the operator reads', () => {
    const message = new ConfigError(problemsOf(WRONG)).message
    for (const problem of problemsOf(WRONG)) expect(message).toContain(`\n  ${problem}`)
    expect(() => parseNodeConfig(WRONG)).toThrow(message)
  })

  it.each(Object.entries(WRONG))('are refused one by one: %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1)
  })

  it('of the Node door are no matter of the other', () => {
    expect(problemsOf({ PORT: 'http', LOG_LEVEL: 'loud' }, parseConfig)).toEqual([
      'LOG_LEVEL must be debug, info, warn or error',
    ])
  })

  it.each([
    ['PORT', ['-1', '65536', '1e3', '0x50', '80.5', '80 ', '٨٠', '1234567890']],
    ['CALLBACK_MAX_AGE_SECONDS', ['-1', '10m', '0.5', '1e3', 'Infinity', '1234567890']],
    ['CALLBACK_TIME_UNIT', ['seconds', 'MS', '1']],
    ['CALLBACK_NONCE_REUSE', ['Flag', 'none', 'true']],
    ['HISTORY_FETCH', ['On', 'true', '1']],
    ['LOG_LEVEL', ['INFO', 'trace', '0']],
    ['TIME_ZONE', ['Shanghai', 'Asia/Nowhere', '8', 'UTC+25']],
    ['MEMBER_USER_ID', ['u', '{ID}', '{ id }', '{id}-{id}', ':id']],
    ['SELLER_USER_ID', ['shop', '{}', '{id', 'id}']],
    ['PUBLIC_URL', ['archive.example.com', 'ftp://x.example', 'javascript:alert(1)', '//x.example', '/base']],
    ['CALLBACK_IPS', ['10.0.0', '10.0.0.0/33', '10.0.0.0/-1', '*', 'localhost', '::g', '2001:db8::/129']],
    ['TRUSTED_PROXIES', ['10.0.0.0/8;::1', '10.0.0.1-10.0.0.9', 'all']],
  ])('of %s are refused, each with a reason', (name, values) => {
    for (const value of values)
      expect([value, problemsOf({ [name]: value })]).toEqual([
        value,
        [expect.stringMatching(new RegExp(`^${name} .*(must|is neither)`))],
      ])
  })

  it('say which of the addresses is wrong', () => {
    expect(problemsOf({ CALLBACK_IPS: '10.0.0.1,10.0.0,::1,localhost' })).toEqual([
      'CALLBACK_IPS 10.0.0 is neither an address nor a CIDR range',
      'CALLBACK_IPS localhost is neither an address nor a CIDR range',
    ])
  })

  it.each([true, {}, ['a'], null])('are those that are neither text nor number: %j', (value) => {
    const problems = problemsOf(allSetTo(value))
    expect(namesIn(problems)).toEqual(sorted(SETTING_NAMES))
  })

  it.each<[string, string]>([
    ['RONGCLOUD_APPS', 'hush'],
    ['RONGCLOUD_APPS', ':hush'],
    ['RONGCLOUD_APPS', 'app:one,hush'],
    ['API_KEYS', 'hush'],
    ['API_KEYS', 'shop:hush'],
    ['API_KEYS', 'shop:hush:'],
    ['API_KEYS', 'shop:hush:reed'],
    ['API_KEYS', 'shop:hush:read'],
    ['MEMBER_TOKEN_SECRET', 'hush'],
    ['API_KEYS', 'shop:read:hush'],
    ['API_KEYS', ':hush:read'],
    ['PUBLIC_URL', 'ftp://user:hush@archive.example.com'],
  ])('never show a secret: %s=%s', (name, value) => {
    const secret = 'hush'.repeat(8)
    const others = {
      MEMBER_TOKEN_SECRET: secret,
      RONGCLOUD_APPS: 'app:hush',
      API_KEYS: `shop:${secret}:read`,
    }
    const problems = problemsOf({ ...others, [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems.join()).not.toContain('hush')
    expect(() => parseNodeConfig({ ...others, [name]: value })).not.toThrow(/hush/)
  })
})

describe('the names of the settings', () => {
  it('are those that are read: each that can be wrong is told of by its own', () => {
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(Object.keys(WRONG)))
    expect(new Set(SETTING_NAMES).size).toBe(SETTING_NAMES.length)
  })
})
