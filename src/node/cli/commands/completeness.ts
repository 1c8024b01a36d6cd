/** `archive completeness`: which hours are proven complete. */
import { InvalidArgumentError, type Command } from 'commander'
import { readLedger, type LedgerHour } from '../../../http/completeness.ts'
import { createTimeWriter } from '../../../http/time.ts'
import { examples } from '../examples.ts'
import { Failure, type Io } from '../io.ts'

type ShowOptions = { days: number; appKey?: string }

const DAY_MS = 24 * 3_600_000
const DAYS_MAX = 31

export function addCompletenessCommands(program: Command, io: Io): void {
  const completeness = program.command('completeness').description('Which hours are proven complete')
  completeness
    .command('show')
    .description('Lists the last hours, newest first, each with its numbers and its state.')
    .option('--days <count>', `how many days back, at most ${DAYS_MAX}`, daysOption, 3)
    .option('--app-key <key>', 'of this app alone')
    .addHelpText('after', examples('completeness show', 'completeness show --days 7 --json'))
    .action((options: ShowOptions) => show(io, options))
}

function daysOption(text: string): number {
  const days = Number(text)
  if (/^\d+$/.test(text) && days >= 1 && days <= DAYS_MAX) return days
  throw new InvalidArgumentError(`must be a whole number from 1 to ${DAYS_MAX}`)
}

async function show(io: Io, { days, appKey }: ShowOptions): Promise<void> {
  const { apps, timeZone, logZone } = io.settings()
  const appKeys = appKey === undefined ? apps.map((app) => app.appKey) : [appKey]
  if (appKeys.length === 0) throw new Failure('RONGCLOUD_APPS names no app; name one with --app-key')
  const nowMs = io.now()
  const span = { fromMs: nowMs - days * DAY_MS, untilMs: nowMs }
  const ledger = await readLedger({ store: io.openStore(), now: io.now, logZone }, { appKeys, span })
  const writeTime = createTimeWriter(timeZone)
  const text = ledger.hours.map((hour) => lineOf(hour, writeTime)).join('\n')
  io.print({ items: ledger.hours, uncounted: ledger.uncounted }, text)
}

function lineOf(hour: LedgerHour, writeTime: (ms: number) => string): string {
  const {
    appKey,
    startMs,
    state,
    reason,
    received,
    filled,
    queried,
    duplicates,
    refused,
    notStored,
    keptAside,
  } = hour
  const time = writeTime(startMs).slice(0, 'YYYY-MM-DD HH:mm'.length)
  return `${appKey} ${time} ${state}: ${received} received, ${filled} filled in, ${queried} from message history, ${duplicates} repeats, ${refused} refused, ${notStored} not stored, ${keptAside} kept aside${reason === null ? '' : `; ${reason}`}`
}
