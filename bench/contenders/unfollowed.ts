/** The archive without what follows its messages (full text, counts), to show what following costs. */
import { parseNodeConfig } from '../../src/config.ts'
import { createFind } from '../../src/http/search/find.ts'
import { startServer } from '../../src/node/server.ts'

const server = await startServer(parseNodeConfig(process.env), {
  startText: ({ store, templates }) => ({
    find: createFind(store, templates),
    close: () => Promise.resolve(),
  }),
})
process.stdout.write(`listens on ${server.url}\n`)
process.once('SIGTERM', () => void server.stop())
