/** Credentials for a first try: made up when none are configured, kept beside the data (design §6). */
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ConfigError, parseNodeConfig, type Config, type NodeConfig } from '../config.ts'
import { appKeysIn } from './sqlite/app-keys.ts'

// Nothing else is taken from the file: what it says of `HOST`, say, nobody would look for there.
const Credentials = z
  .object({
    RONGCLOUD_APPS: z.string(),
    API_KEYS: z.string(),
    MEMBER_TOKEN_SECRET: z.string(),
    CONSOLE_PASSWORD: z.string(),
  })
  .partial()
const CREDENTIAL_SETTINGS = Object.keys(Credentials.shape)
const OTHERS = 0o077

type Credentials = z.output<typeof Credentials>

/** `isNew`: nobody has seen them yet. */
export type MadeUp = { path: string; settings: Credentials; isNew: boolean }

/**
 * @returns settings by their own names, from `credentials.json` or newly made; null when any credential is
 *   configured, for then none is made up
 * @throws ConfigError when the database has messages of another app, for then its settings were forgotten, or when
 *   the file is not its owner's alone
 */
export function credentialsFor(environment: NodeJS.ProcessEnv, databasePath: string): MadeUp | null {
  if (isAnyConfigured(environment)) return null
  const path = pathBeside(databasePath)
  const known = read(path)
  const foreign = foreignApps(databasePath, known)
  if (foreign.length > 0) throw forgotten(databasePath, foreign)
  return { path, settings: known ?? make(path), isNew: known === null }
}

/** Those that were made up before, if they are what the server goes by; makes none. */
export function findCredentials(environment: NodeJS.ProcessEnv, databasePath: string): MadeUp | null {
  if (isAnyConfigured(environment)) return null
  const path = pathBeside(databasePath)
  const settings = read(path)
  if (settings === null || isOfAnother(databasePath, settings)) return null
  return { path, settings, isNew: false }
}

/** Then the server does not go by them either; a command that needs no app, such as `backup create`, goes on without. */
function isOfAnother(databasePath: string, madeUp: Credentials): boolean {
  try {
    return foreignApps(databasePath, madeUp).length > 0
  } catch {
    // The command says itself what is wrong with the file, or mends it.
    return false
  }
}

/** Apps of the messages in the database that were not made up. */
function foreignApps(databasePath: string, madeUp: Credentials | null): string[] {
  const [ownApp] = (madeUp?.RONGCLOUD_APPS ?? '').split(':')
  return appKeysIn(databasePath).filter((appKey) => appKey !== ownApp)
}

function forgotten(databasePath: string, appKeys: readonly string[]): ConfigError {
  const apps = `app${appKeys.length > 1 ? 's' : ''} ${appKeys.join(', ')}`
  return new ConfigError([
    `${databasePath} holds messages of the ${apps}, and none of ${CREDENTIAL_SETTINGS.join(', ')} is set:`,
    'is the file with the settings missing? Credentials are made up only for a database without messages of another app',
  ])
}

/** What the environment sets stands, each setting by itself. @throws ConfigError */
export function configWith(environment: NodeJS.ProcessEnv, madeUp: MadeUp | null): Config & NodeConfig {
  const given = Object.entries(environment).filter(([, value]) => value?.trim())
  const config = parseNodeConfig({ ...madeUp?.settings, ...Object.fromEntries(given) })
  // RongCloud knows nothing of an app that was made up.
  return madeUp ? { ...config, serverApi: null } : config
}

function isAnyConfigured(environment: NodeJS.ProcessEnv): boolean {
  return CREDENTIAL_SETTINGS.some((name) => environment[name]?.trim())
}

function pathBeside(databasePath: string): string {
  return join(dirname(databasePath), 'credentials.json')
}

function read(path: string): Credentials | null {
  try {
    return readOwn(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if (error instanceof ConfigError) throw error
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

// Judged and read by one descriptor, so that what was judged is what is read.
function readOwn(path: string): Credentials {
  const file = openSync(path, 'r')
  try {
    refuseShared(path, fstatSync(file))
    const { data, error } = Credentials.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (error) throw new Error(z.prettifyError(error))
    return data
  } finally {
    closeSync(file)
  }
}

/** Windows has no modes, and a process there no user id: nothing is judged. @throws ConfigError */
function refuseShared(path: string, { mode, uid }: { mode: number; uid: number }) {
  const user = process.getuid?.()
  if (user === undefined) return
  if ((mode & OTHERS) !== 0)
    throw new ConfigError([
      `${path} has the mode ${(mode & 0o777).toString(8)}, so that others on this machine may know the credentials in it: chmod 600 ${path}`,
    ])
  // Root reads what is anybody's.
  if (user !== 0 && uid !== user)
    throw new ConfigError([
      `${path} is of the user ${uid}, and this process of the user ${user}: chown ${user} ${path}`,
    ])
}

function make(path: string): Credentials {
  const settings = {
    RONGCLOUD_APPS: `${secret(9)}:${secret(12)}`,
    API_KEYS: `first-try:${secret(24)}:admin`,
    MEMBER_TOKEN_SECRET: secret(32),
    CONSOLE_PASSWORD: secret(12),
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return settings
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
