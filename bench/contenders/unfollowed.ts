/** The archive without what follows its messages (full text, counts), to show what following costs. */
import { parseNodeConfig } from '../../src/config.ts'
import { startServer } from '../../src/node/server.ts'

const server = await startServer(parseNodeConfig(process.env), {
  startIndexing: () => ({ stop: () => Promise.resolve() }),
})
process.stdout.write(`listens on ${server.url}\n`)
process.once('SIGTERM', () => void server.stop())
