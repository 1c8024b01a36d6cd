/** `npm start`: settings from the environment, one server, a clean end. */
import { ConfigError, parseNodeConfig } from '../config.ts'
import { printableLines } from '../domain/printable.ts'
import { configWith, credentialsFor } from './credentials.ts'
import { greeting } from './greeting.ts'
import { startServer } from './server.ts'

// What is archived is nobody else's on this machine to read.
process.umask(0o077)

try {
  const { databasePath } = parseNodeConfig(process.env)
  const madeUp = credentialsFor(process.env, databasePath)
  const config = configWith(process.env, madeUp)
  const server = await startServer(config)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.stop())
  process.stdout.write(greeting(server.url, config, madeUp))
} catch (error) {
  // A stack would only hide what the operator has to mend.
  const { message } = error as Error
  const said = error instanceof ConfigError ? message : `cannot start: ${message}`
  process.stderr.write(`${printableLines(said)}\n`)
  process.exitCode = 1
}
