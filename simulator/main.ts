/** `npm run simulate`: RongCloud in the box. Results on stdout, all else on stderr; exit code 0, 1 or 2. */
import { ArchiveUnavailable } from './archive-reader.ts'
import { parseOptions, UsageError } from './options.ts'
import { createProgress } from './progress.ts'
import { isGood, printReport } from './report.ts'
import { simulate } from './simulate.ts'

const USAGE = 2
const INTERRUPTED = 130
// npm hands on the signal that the terminal has given us already.
const ECHO_MS = 500

try {
  process.exitCode = await run()
} catch (error) {
  if (error instanceof ArchiveUnavailable) process.stderr.write(`error: ${error.message}\n`)
  else if (!(error instanceof UsageError)) throw error
  // Also "--help" comes as an error, one with exit code 0.
  process.exitCode = error instanceof UsageError && error.exitCode === 0 ? 0 : USAGE
}

async function run(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), process.env, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  })
  const progress = createProgress(process.stderr)
  const report = await simulate(options, { signal: interruptSignal(progress.stop), progress })
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : printReport(report))
  return isGood(report) ? 0 : 1
}

/** Asked once, it stops sending and verifies; asked again, it ends. */
function interruptSignal(beforeEnd: () => void): AbortSignal {
  const controller = new AbortController()
  let askedAt = 0
  process.on('SIGINT', () => {
    if (askedAt === 0) {
      askedAt = performance.now()
      controller.abort()
    } else if (performance.now() - askedAt > ECHO_MS) {
      beforeEnd()
      process.exit(INTERRUPTED)
    }
  })
  return controller.signal
}
