/** Whether the settings can be used, and whether a secret could be guessed. */
import { ConfigError, type Config, type NodeConfig } from '../../config.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

const API_KEY_MIN = 20
const TOKEN_SECRET_MIN = 32
const PASSWORD_MIN = 16

/** `config` null: they cannot be read. */
export type Read = { config: (Config & NodeConfig) | null; findings: Finding[] }

export function findInSettings(settings: () => Config & NodeConfig): Read {
  try {
    const config = settings()
    const weak = weakSecrets(config)
    const secrets = weak.length === 0 ? [ok('secrets', 'none is short')] : weak
    return { config, findings: [appsOf(config), ...secrets] }
  } catch (error) {
    const todo = 'mend it: the server does not start like this'
    const problems = error instanceof ConfigError ? error.problems : [(error as Error).message]
    return { config: null, findings: problems.map((problem) => fail('settings', problem, todo)) }
  }
}

function appsOf({ apps }: Config): Finding {
  if (apps.length > 0) return ok('settings', `${apps.length} app${apps.length > 1 ? 's' : ''} of RongCloud`)
  return fail('settings', 'no app is configured, so every callback is refused', 'set RONGCLOUD_APPS')
}

function weakSecrets({ apiKeys, memberTokenSecret, consolePassword }: Config): Finding[] {
  return [
    ...apiKeys
      .filter(({ key }) => key.length < API_KEY_MIN)
      .map(({ name }) => short(`the API key ${name}`, 'API_KEYS', API_KEY_MIN)),
    ...(memberTokenSecret !== null && memberTokenSecret.length < TOKEN_SECRET_MIN
      ? [short('the secret of member tokens', 'MEMBER_TOKEN_SECRET', TOKEN_SECRET_MIN)]
      : []),
    ...(consolePassword !== null && consolePassword.length < PASSWORD_MIN
      ? [short('the password of the console', 'CONSOLE_PASSWORD', PASSWORD_MIN)]
      : []),
  ]
}

function short(what: string, name: string, least: number): Finding {
  return warn('secrets', `${what} is short`, `put ${least} random characters or more into ${name}`)
}
