/** `archive history`: RongCloud's message history, which goes further back than its hourly logs. */
import { InvalidArgumentError, type Command } from 'commander'
import { examples } from '../examples.ts'
import { backFill, type BackFillOptions } from '../history/back-fill.ts'
import type { Io } from '../io.ts'

export function addHistoryCommands(program: Command, io: Io): void {
  const history = program.command('history').description("RongCloud's message history")
  history
    .command('fetch')
    .description(
      'Fills what is missing from hours that no log will prove any more, and notes what was edited since. Needs the cloud storage of messages (消息云存储) at RongCloud.',
    )
    .option('--from <time>', 'messages sent from then on (default: 14 days ago)')
    .option('--to <time>', 'until then, inclusive to the precision written (default: now)')
    .option('--app-key <key>', 'of this app alone')
    .option(
      '--conversation <id>',
      'of this conversation, all of the time, proven or not; repeatable',
      conversationOption,
    )
    .option(
      '--near <hours>',
      'without --conversation: of those that have a message so near to an hour that is not proven',
      wholeOption,
      24,
    )
    .option('--again', 'asks also for what was asked for before, for what was edited since', false)
    .option('--max-requests <count>', 'stops after so many; the next run goes on there', wholeOption)
    .option('--dry-run', 'tells how many conversations it would ask for, and asks for none', false)
    .addHelpText(
      'after',
      examples(
        'history fetch --dry-run',
        'history fetch --from 2024-12-01 --to 2024-12-05',
        'history fetch --conversation 7 --from "2024-12-19 16:00" --json',
      ),
    )
    .action((options: BackFillOptions, command: Command) =>
      backFill(io, options, (message) => command.error(`error: ${message}`)),
    )
}

function conversationOption(text: string, before: number[] = []): number[] {
  return [...before, wholeOption(text)]
}

function wholeOption(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a whole number from 1 on')
}
