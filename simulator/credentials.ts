/**
 * App key, app secret, API key and templates, where no option gives them: from the archive's own settings, or from
 * the file it writes on a first start.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError, parseConfig, type Config } from '../src/config.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['RONGCLOUD_APPS', 'API_KEYS', 'MEMBER_USER_ID', 'SELLER_USER_ID'] as const

/** @throws ConfigError naming the setting that is wrong */
export function readCredentials(environment: Environment): Pick<Config, 'apps' | 'apiKeys' | 'templates'> {
  return parseConfig({ ...readFile(environment), ...settingsIn(environment) })
}

function settingsIn(environment: Environment): Environment {
  const given = NAMES.filter((name) => environment[name]?.trim())
  return Object.fromEntries(given.map((name) => [name, environment[name]]))
}

// The archive writes it beside its database.
function readFile(environment: Environment): Environment {
  const path = join(dirname(environment.DATABASE_PATH?.trim() || 'data/archive.db'), 'credentials.json')
  try {
    return settingsIn(JSON.parse(readFileSync(path, 'utf8')) as Environment)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError([`${path} cannot be read: ${(error as Error).message}`])
  }
}
