/** `npm run dev:worker`: the Worker in the local runtime, on a local D1 that has all migrations. */
import { parseArgs } from 'node:util'
import { wrangler } from './wrangler.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    'persist-to': { type: 'string', default: '.wrangler/state' },
    var: { type: 'string', multiple: true, default: [] },
    config: { type: 'string', default: 'wrangler.toml' },
  },
})

// The migrations must go to the very place that the Worker will read.
const place = ['--config', values.config, '--persist-to', values['persist-to']]
// As CI it asks nothing: a Worker without its tables is of no use.
const migrated = await wrangler(['d1', 'migrations', 'apply', 'DB', '--local', ...place], { CI: 'true' })
const variables = values.var.flatMap((variable) => ['--var', variable])
process.exitCode =
  migrated || (await wrangler(['dev', '--local', '--port', values.port, ...place, ...variables]))
