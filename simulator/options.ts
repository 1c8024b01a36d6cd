/** The command line. Whatever is wrong with it is said by the option's name. */
import { randomInt } from 'node:crypto'
import { Command, CommanderError, Option } from 'commander'
import type { Config } from '../src/config.ts'
import type { PartyTemplates } from '../src/domain/parties.ts'
import { readCredentials, type Environment } from './credentials.ts'
import { httpUrl, positive, template, time, whole } from './option-values.ts'
import { createRandom, SEED_MAX } from './random.ts'
import type { SigningApp } from './sign.ts'
import { MEAN_GAP_MS } from './traffic.ts'

export type Options = {
  url: URL
  app: SigningApp
  /** Null when nothing is to be verified. */
  apiKey: string | null
  templates: PartyTemplates
  messages: number
  /** Callbacks a second; null for as many as are answered. */
  rate: number | null
  connections: number
  seed: number
  startMs: number
  events: boolean
  waitMs: number
  json: boolean
}

/** As commander gives it. */
type Given = {
  url: URL
  appKey?: string
  appSecret?: string
  apiKey?: string
  memberUserId?: string
  sellerUserId?: string
  messages: number
  rate?: number
  connections: number
  seed?: number
  start?: number
  events: 'on' | 'off'
  verify: boolean
  wait: number
  json: boolean
}

export { CommanderError as UsageError }

type Fail = (message: string) => never

const NOT_ELSEWHERE = 'neither RONGCLOUD_APPS nor data/credentials.json tells it'

// A run with a seed of its own always begins in this year, so that it is the same run again.
const YEAR_OF_SEEDS_MS = Date.parse('2025-01-01T00:00:00+08:00')
const YEAR_SECONDS = 31_536_000

/** @throws UsageError after it has told what is wrong; also for `--help`, then with exit code 0 */
export function parseOptions(
  parameters: readonly string[],
  environment: Environment,
  print: { out: (text: string) => void; err: (text: string) => void },
): Options {
  const command = createCommand().configureOutput({ writeOut: print.out, writeErr: print.err })
  const given = command.parse(parameters, { from: 'user' }).opts<Given>()
  const { url, messages, connections, json } = given
  return {
    ...settingsOf(given, environment, (message) => command.error(`error: ${message}`)),
    url,
    messages,
    rate: given.rate ?? null,
    connections,
    seed: given.seed ?? randomInt(SEED_MAX + 1),
    startMs: given.start ?? startOf(given.seed, messages),
    events: given.events === 'on',
    waitMs: given.wait * 1000,
    json,
  }
}

export function createCommand(): Command {
  return new Command('simulate')
    .description('Sends what RongCloud would send, then asks the archive for every message it took.')
    .option('--url <url>', 'address of the archive', httpUrl, new URL('http://127.0.0.1:3000'))
    .option('--messages <count>', 'how many different messages', whole(1, 100_000_000), 1000)
    .option('--rate <number>', 'callbacks a second (default: as fast as they are answered)', positive)
    .option('--connections <count>', 'how many callbacks are under way at once', whole(1, 1000), 16)
    .option(
      '--seed <number>',
      'makes the same messages again (default: others each time)',
      whole(0, SEED_MAX),
    )
    .option('--start <time>', 'when the first message was sent (default: so that the last is of now)', time)
    .option('--app-key <key>', 'app key (default: of RONGCLOUD_APPS, or of data/credentials.json)')
    .option('--app-secret <secret>', 'app secret (default: from the same place)')
    .option('--api-key <key>', 'key with the scope read (default: of API_KEYS, or of data/credentials.json)')
    .option('--member-user-id <template>', 'user ids of members (default: MEMBER_USER_ID, or {id})', template)
    .option('--seller-user-id <template>', 'user ids of sellers (default: SELLER_USER_ID, or {id})', template)
    .addOption(
      new Option('--events <on/off>', 'also callbacks that are no messages')
        .choices(['on', 'off'])
        .default('on'),
    )
    .option('--no-verify', 'do not ask the archive afterwards')
    .option('--wait <seconds>', 'how long a message may take to appear in the archive', whole(0, 3600), 10)
    .option('--json', 'the report as JSON', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 all is there; 1 something is lost, doubled or altered; 2 wrong usage.',
    )
    .exitOverride()
}

/** What the archive's own settings may give as well. */
function settingsOf(given: Given, environment: Environment, fail: Fail) {
  const { apps, apiKeys, templates } = orFail(() => readCredentials(environment), fail)
  const { memberUserId: member = templates.member, sellerUserId: seller = templates.seller } = given
  return {
    app: appOf(given, apps, fail),
    apiKey: given.verify ? apiKeyOf(given, apiKeys, fail) : null,
    templates: { member, seller },
  }
}

function appOf(given: Given, apps: Config['apps'], fail: Fail): SigningApp {
  const appKey = given.appKey ?? apps[0]?.appKey
  const secret = given.appSecret ?? apps.find((app) => app.appKey === appKey)?.secrets[0]
  if (!appKey) return fail(`option '--app-key <key>' is missing: ${NOT_ELSEWHERE}`)
  return secret ? { appKey, secret } : fail(`option '--app-secret <secret>' is missing: ${NOT_ELSEWHERE}`)
}

function apiKeyOf(given: Given, apiKeys: Config['apiKeys'], fail: Fail): string {
  const reader = apiKeys.find(({ scopes }) => scopes.includes('read') || scopes.includes('admin'))
  const missing = "option '--api-key <key>' is missing: a key with the scope read, or else --no-verify"
  return given.apiKey ?? reader?.key ?? fail(missing)
}

/** Runs of different seeds lie in different times, or two of them might make the same `msgUID`. */
function startOf(seed: number | undefined, messages: number): number {
  if (seed === undefined) return Date.now() - messages * MEAN_GAP_MS
  return YEAR_OF_SEEDS_MS + createRandom(seed).whole(0, YEAR_SECONDS) * 1000
}

function orFail<T>(read: () => T, fail: Fail): T {
  try {
    return read()
  } catch (error) {
    return fail((error as Error).message)
  }
}
