/** `archive backup`: copies of the archive, and whether they are sound. */
import type { Command } from 'commander'
import type { Check } from '../../backup/check.ts'
import { createBackup, type Step } from '../../backup/copy.ts'
import { examples } from '../examples.ts'
import { requireFile, type Io } from '../io.ts'
import { NO_PROGRESS } from '../progress.ts'
import { printCheck, toMend, usableOrThrow } from '../soundness.ts'

export function addBackupCommands(program: Command, io: Io): void {
  const backup = program.command('backup').description('Copies of the whole archive')
  backup
    .command('create')
    .description('Copies the archive as it is at one moment; the server may go on.')
    .argument('<file>')
    .addHelpText('after', examples('backup create backups/2024-12-19.db'))
    .action(async (file: string) => {
      const { databasePath } = io.settings()
      requireFile(databasePath)
      const check = await copy(io, databasePath, file, (part) => usableOrThrow(io, part, file))
      printCheck(io, file, check)
    })
  backup
    .command('verify')
    .description('Reads a copy through, and compares what was derived with what it was derived from.')
    .argument('<file>')
    .addHelpText('after', examples('backup verify backups/2024-12-19.db'))
    .action(async (file: string) => printCheck(io, file, await usableOrThrow(io, file)))
  backup
    .command('restore')
    .description('Puts a copy where a server can be started on it. Overwrites nothing.')
    .argument('<file>')
    .requiredOption('--to <path>', 'the database to be')
    .addHelpText('after', examples('backup restore backups/2024-12-19.db --to data/archive.db'))
    .action(async (file: string, { to }: { to: string }) => {
      const check = await usableOrThrow(io, file)
      // Copied the same way, for what was given may have part of it in a log beside.
      await copy(io, file, to, () => Promise.resolve(check))
      const { counts, problems } = check
      if (problems.length > 0) io.say(toMend(to, problems))
      io.print(
        { file, to, counts, problems },
        `${to} holds ${counts.messages} messages. Start the server with DATABASE_PATH=${to}`,
      )
    })
}

async function copy(
  io: Io,
  from: string,
  to: string,
  verify: (part: string) => Promise<Check>,
): Promise<Check> {
  let progress = NO_PROGRESS
  let last = 0
  const step: Step = (done, total) => {
    if (progress === NO_PROGRESS) progress = io.progress('copying pages', total)
    progress.step(done - last)
    last = done
  }
  return createBackup(from, to, {
    step,
    signal: io.signal,
    verify: (part) => {
      progress.stop()
      return verify(part)
    },
  })
}
