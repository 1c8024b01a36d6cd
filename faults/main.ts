/**
 * `npm run test:faults`: the promises of docs/reliability.md, each put to the test. Exit code 1 when one is not kept, or
 * could not be tried in the full run.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { inspect, parseArgs } from 'node:util'
import { pageOf, tableOf, type How, type Outcome } from './report.ts'
import { isSo, type Finding } from './trial.ts'
import { TRIALS, undergo } from './trials.ts'

const HELP = `npm run test:faults -- [--full] [--only NAME] [--seed N] [--page PATH] [--folder PATH]

  --full    200 kills, 200 images, a minute of overload, three of hostile contents, 1,000,000 requests of fuzzing:
            under 45 minutes; without it under 7
  --only    one of ${TRIALS.map(({ name }) => name).join(', ')}
  --seed    makes the same choices again (of moments, messages and tears)
  --page    also writes the report into a page, which is docs/reliability.md; what was not tried stays as it is there
  --folder  where the archives are written (the system's temporary folder); they are removed afterwards
`

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    page: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(HELP)
else await run()

async function run() {
  const trials = TRIALS.filter(({ name }) => values.only === undefined || values.only === name)
  if (trials.length === 0)
    throw new Error(`--only must be one of ${TRIALS.map(({ name }) => name).join(', ')}`)
  const how = { size: values.full ? 'full' : 'short', seed: seedOf(values.seed) } as const
  const outcomes: Outcome[] = []
  for (const trial of trials) {
    const startedAt = performance.now()
    const findings = await undergo(trial, values.folder, how).catch(brokenOff)
    outcomes.push({ trial, findings, seconds: (performance.now() - startedAt) / 1000 })
    process.stdout.write(`${tableOf(outcomes.at(-1)!)}\n\n`)
  }
  if (values.page !== undefined) writePage(values.page, outcomes, how)
  const findings = outcomes.flatMap((outcome) => outcome.findings)
  const broken = findings.filter(({ verdict }) => verdict === 'not kept').length
  const untried = findings.filter(({ verdict }) => verdict === 'not tried').length
  process.stdout.write(broken === 0 ? 'kept all that was tried\n' : `NOT KEPT: ${broken}\n`)
  if (untried > 0) process.stdout.write(`NOT TRIED HERE: ${untried}\n`)
  // One that was broken off may be sending still.
  process.exit(broken > 0 || (untried > 0 && values.full) ? 1 : 0)
}

function writePage(path: string, outcomes: readonly Outcome[], how: How) {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  writeFileSync(path, pageOf(outcomes, how, before))
}

// The others are tried all the same.
function brokenOff(error: unknown): Finding[] {
  process.stderr.write(`${inspect(error)}\n`)
  return [isSo('broken off', (error as Error).message, '')]
}

function seedOf(text: string): number {
  const seed = Number(text)
  if (!Number.isInteger(seed) || seed < 0) throw new Error(`--seed must be a whole number: ${text}`)
  return seed
}
