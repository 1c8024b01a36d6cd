/** Credentials for a first try: made up when none are configured, kept beside the data (design §6). */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError, parseNodeConfig, type Config, type NodeConfig } from '../config.ts'
import { appKeysIn } from './sqlite/app-keys.ts'

const CREDENTIAL_SETTINGS = ['RONGCLOUD_APPS', 'API_KEYS', 'MEMBER_TOKEN_SECRET', 'CONSOLE_PASSWORD'] as const

/** `isNew`: nobody has seen them yet. */
export type MadeUp = { path: string; settings: Record<string, string>; isNew: boolean }

/**
 * @returns settings by their own names, from `credentials.json` or newly made; null when any credential is
 *   configured, for then none is made up
 * @throws ConfigError when the database has messages of another app, for then its settings were forgotten
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
function isOfAnother(databasePath: string, madeUp: Record<string, string>): boolean {
  try {
    return foreignApps(databasePath, madeUp).length > 0
  } catch {
    // The command says itself what is wrong with the file, or mends it.
    return false
  }
}

/** Apps of the messages in the database that were not made up. */
function foreignApps(databasePath: string, madeUp: Record<string, string> | null): string[] {
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

/** @throws ConfigError */
export function configWith(environment: NodeJS.ProcessEnv, madeUp: MadeUp | null): Config & NodeConfig {
  const config = parseNodeConfig({ ...environment, ...madeUp?.settings })
  // RongCloud knows nothing of an app that was made up.
  return madeUp ? { ...config, serverApi: null } : config
}

function isAnyConfigured(environment: NodeJS.ProcessEnv): boolean {
  return CREDENTIAL_SETTINGS.some((name) => environment[name]?.trim())
}

function pathBeside(databasePath: string): string {
  return join(dirname(databasePath), 'credentials.json')
}

function read(path: string): Record<string, string> | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function make(path: string): Record<string, string> {
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
