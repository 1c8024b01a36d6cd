import { ConfigError, parseNodeConfig } from '../../src/config.ts'

/** What is wrong with these settings, one line each; none when they are fine. */
export function problemsOf(
  environment: Record<string, unknown>,
  parse: (given: Record<string, unknown>) => unknown = parseNodeConfig,
): readonly string[] {
  try {
    parse(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
