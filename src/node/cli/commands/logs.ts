/** `archive logs`: RongCloud's hourly history logs. */
import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Io } from '../io.ts'
import { fetchHours, hourOption } from '../logs/fetch-hours.ts'
import { importFiles, type ImportOptions } from '../logs/import-files.ts'

export function addLogsCommands(program: Command, io: Io): void {
  const logs = program.command('logs').description("RongCloud's hourly history logs")
  logs
    .command('import')
    .description('Fills what is missing from history logs, and notes what they tell of the rest.')
    .argument('<file...>', 'zip, gz or plain files, or folders of them')
    .option('--resume', 'pass over files that were imported to their end before', false)
    .option(
      '--app-key <key>',
      'take records of this app alone, and those that name no app; the others are passed over',
    )
    .addHelpText(
      'after',
      examples('logs import 2024121916.zip', 'logs import --resume --json logs/ > report.json'),
    )
    .action((paths: string[], options: ImportOptions) => importFiles(io, paths, options))
  logs
    .command('fetch')
    .description(
      'Fetches the log of each hour of the last three days that is not proven complete, and imports it.',
    )
    .option(
      '--hour <yyyyMMddHH>',
      'this hour, proven or not; repeatable (hours as RongCloud writes them)',
      hourOption,
    )
    .addHelpText('after', examples('logs fetch', 'logs fetch --hour 2024121916 --json'))
    .action((options: { hour?: string[] }) => fetchHours(io, options))
}
