/** `npm run bench`: everything in one run, so that ratios hold whatever the machine is doing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measureArchive, measureFilled } from './archive.ts'
import { measureContenders } from './ingest.ts'
import { machine } from './machine.ts'
import { tablesOf, tablesOfFilled, type Results } from './report.ts'

const HELP = `npm run bench -- [--messages N] [--seconds N] [--folder PATH] [--archive PATH]

  --messages  size of the largest archive (1000000); the record is 10000000
  --seconds   of each turn of load (2)
  --archive   only this file, which bench/fill.ts made with N messages; it is written to
  --folder    where the archives are written (the system's temporary folder); they are removed afterwards
`

const say = (text: string) => process.stderr.write(`${text}\n`)
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '2' },
    archive: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(HELP)
else if (values.archive)
  process.stdout.write(
    tablesOfFilled(
      await measureFilled(values.archive, { messages: whole('messages'), seconds: whole('seconds'), say }),
    ),
  )
else await run({ messages: whole('messages'), seconds: whole('seconds') })

function whole(name: 'messages' | 'seconds'): number {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name} must be a whole number from 1: ${values[name]}`)
  return number
}

async function run({ messages, seconds }: { messages: number; seconds: number }) {
  const folder = mkdtempSync(join(values.folder, 'rongcloud-archive-bench-'))
  try {
    say('echo, typical and ingest take turns')
    const contenders = await measureContenders(folder, seconds)
    const archive = await measureArchive(folder, { messages, seconds, say })
    const results: Results = { ...machine(), messages, seconds, contenders, archive }
    writeFileSync(
      fileURLToPath(new URL('results.json', import.meta.url)),
      `${JSON.stringify(results, null, 2)}\n`,
    )
    process.stdout.write(tablesOf(results))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
