import { Command } from 'commander'
import { addBackupCommands } from './commands/backup.ts'
import { addCompletenessCommands } from './commands/completeness.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExportCommands } from './commands/export.ts'
import { addHistoryCommands } from './commands/history.ts'
import { addImportCommand } from './commands/import.ts'
import { addLogsCommands } from './commands/logs.ts'
import { EXIT_CODES } from './examples.ts'
import { addRecordsCommands } from './commands/records.ts'
import { addVerifyCommands } from './commands/verify.ts'
import type { GlobalOptions, Io } from './io.ts'

/** All commands, noun then verb. */
export function createProgram(io: Io, options: GlobalOptions): Command {
  const program = new Command('archive')
    .description('Looks after a RongCloud archive; works beside a running server.')
    .option('--json', 'the result as one line of JSON')
    .option('--quiet', 'neither talk nor progress on stderr')
    .option('--database <file>', 'the archive (default: DATABASE_PATH, or data/archive.db)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
    .showHelpAfterError('(--help tells what there is)')
    .addHelpText('after', `\nSettings are those of the server.\n${EXIT_CODES}`)
    .hook('preAction', () => void Object.assign(options, program.opts()))
    .exitOverride()
  addLogsCommands(program, io)
  addHistoryCommands(program, io)
  addCompletenessCommands(program, io)
  addExportCommands(program, io)
  addImportCommand(program, io)
  addRecordsCommands(program, io)
  addBackupCommands(program, io)
  addVerifyCommands(program, io)
  addDoctorCommand(program, io)
  return program
}
