/** Credentials for a first try: made up when none are configured, kept beside the data (design §6). */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseNodeConfig, type Config, type NodeConfig } from '../config.ts'

const CREDENTIAL_SETTINGS = ['RONGCLOUD_APPS', 'API_KEYS', 'MEMBER_TOKEN_SECRET', 'CONSOLE_PASSWORD'] as const

/** `isNew`: nobody has seen them yet. */
export type MadeUp = { path: string; settings: Record<string, string>; isNew: boolean }

/**
 * @returns settings by their own names, from `credentials.json` or newly made; null when any credential is
 *   configured, for then none is made up
 */
export function credentialsFor(environment: NodeJS.ProcessEnv, databasePath: string): MadeUp | null {
  if (isAnyConfigured(environment)) return null
  const path = pathBeside(databasePath)
  const known = read(path)
  return { path, settings: known ?? make(path), isNew: known === null }
}

/** Those that were made up before, if they are what the server goes by; makes none. */
export function findCredentials(environment: NodeJS.ProcessEnv, databasePath: string): MadeUp | null {
  if (isAnyConfigured(environment)) return null
  const path = pathBeside(databasePath)
  const settings = read(path)
  return settings && { path, settings, isNew: false }
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
