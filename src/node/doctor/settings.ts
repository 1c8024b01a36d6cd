/** Whether the settings can be used, and whether the password could be guessed. */
import { ConfigError, type Config, type NodeConfig } from '../../config.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

// The server starts with 12; people choose words.
const PASSWORD_MIN = 16

/** `config` null: they cannot be read. */
export type Read = { config: (Config & NodeConfig) | null; findings: Finding[] }

export function findInSettings(settings: () => Config & NodeConfig): Read {
  try {
    const config = settings()
    return { config, findings: [appsOf(config), passwordOf(config)] }
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

function passwordOf({ consolePassword }: Config): Finding {
  if (consolePassword === null || consolePassword.length >= PASSWORD_MIN)
    return ok('secrets', 'none is short')
  const todo = `put ${PASSWORD_MIN} random characters or more into CONSOLE_PASSWORD`
  return warn('secrets', 'the password of the console is short', todo)
}
