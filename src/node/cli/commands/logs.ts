/** `archive logs`: RongCloud's hourly history logs. */
import type { Command } from 'commander'
import { examples } from '../examples.ts'
import { Failure, type Io } from '../io.ts'

export function addLogsCommands(program: Command, io: Io): void {
  const logs = program.command('logs').description("RongCloud's hourly history logs")
  logs
    .command('import')
    .description('Fills what is missing from history logs, and notes what they tell of the rest.')
    .argument('<file...>', 'zip, gz or plain files, or folders of them')
    .addHelpText('after', examples('logs import 2024121916.zip', 'logs import --json logs/ > report.json'))
    .action(() => {
      io.openStore({ create: true })
      throw new Failure('not there yet')
    })
}
