/** `archive backup`, `verify` and `rebuild`: copies of the archive, and whether it is sound. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { sql } from 'drizzle-orm'
import { DERIVED, type Derived } from '../../../archive/derived.ts'
import type { Store } from '../../../archive/store.ts'
import { checkDatabase, STEPS, type Check } from '../../backup/check.ts'
import { createBackup, restoreBackup } from '../../backup/copy.ts'
import { examples } from '../examples.ts'
import { Failure, type Io } from '../io.ts'

const MENDED_AT_ONCE = 200

export function addBackupCommands(program: Command, io: Io): void {
  const backup = program.command('backup').description('Copies of the whole archive')
  backup
    .command('create')
    .description('Copies the archive as it is at one moment; the server may go on.')
    .argument('<file>')
    .addHelpText('after', examples('backup create backups/2024-12-19.db'))
    .action(async (file: string) => {
      const { databasePath } = io.settings()
      if (!existsSync(databasePath)) throw new Failure(`there is no archive at ${databasePath}`)
      if (existsSync(file))
        throw new Failure(`${file} is there already, and is not overwritten; name another file`)
      await copyWithProgress(io, databasePath, file)
      const { counts } = soundOrThrow(io, file)
      io.print({ file, counts }, `${file} holds ${counts.messages} messages and is sound`)
    })
  backup
    .command('verify')
    .description('Reads a copy through, and compares what was derived with what it was derived from.')
    .argument('<file>')
    .addHelpText('after', examples('backup verify backups/2024-12-19.db'))
    .action((file: string) => {
      const { counts } = soundOrThrow(io, file)
      io.print({ file, counts, problems: [] }, `${file} is sound: ${counts.messages} messages`)
    })
  backup
    .command('restore')
    .description('Puts a copy where a server can be started on it. Overwrites nothing.')
    .argument('<file>')
    .requiredOption('--to <path>', 'the database to be')
    .addHelpText('after', examples('backup restore backups/2024-12-19.db --to data/archive.db'))
    .action((file: string, { to }: { to: string }) => {
      const { counts } = soundOrThrow(io, file)
      restoreBackup(file, to)
      io.print(
        { file, to, counts },
        `${to} holds ${counts.messages} messages. Start the server with DATABASE_PATH=${to}`,
      )
    })
}

export function addVerifyCommands(program: Command, io: Io): void {
  program
    .command('verify')
    .description('Reads the archive through, and compares what was derived with what it was derived from.')
    .addHelpText('after', examples('verify', 'verify --json'))
    .action(() => {
      const { databasePath } = io.settings()
      const { counts } = soundOrThrow(io, databasePath)
      io.print(
        { file: databasePath, counts, problems: [] },
        `${databasePath} is sound: ${counts.messages} messages`,
      )
    })
  program
    .command('rebuild')
    .description('Derives counts, last messages, listing and senders again, and tells which were wrong.')
    .addHelpText('after', examples('rebuild'))
    .action(async () => {
      const store = io.openStore()
      const mended: Record<string, number> = {}
      for (const derived of DERIVED) mended[derived.name] = await mend(store, derived)
      const lines = Object.entries(mended).map(([name, count]) => `${name}: ${count} were wrong`)
      io.print({ mended }, lines.join('\n'))
    })
}

async function mend(store: Store, { differing, mend: statementFor }: Derived): Promise<number> {
  const ids = (await store.db.all<[number]>(sql.raw(differing))).map(([id]) => id)
  for (let i = 0; i < ids.length; i += MENDED_AT_ONCE)
    await store.atomically([statementFor(ids.slice(i, i + MENDED_AT_ONCE))])
  return ids.length
}

async function copyWithProgress(io: Io, from: string, to: string): Promise<void> {
  let progress: ReturnType<Io['progress']> | null = null
  let last = 0
  await createBackup(
    from,
    to,
    (done, total) => {
      progress ??= io.progress('copying pages', total)
      progress.step(done - last)
      last = done
    },
    io.signal,
  )
  ;(progress as ReturnType<Io['progress']> | null)?.stop()
}

function soundOrThrow(io: Io, file: string): Check {
  if (!existsSync(file)) throw new Failure(`there is no file ${file}`)
  const progress = io.progress('verifying', STEPS)
  const check = checkDatabase(file, () => progress.step())
  progress.stop()
  if (check.problems.length === 0) return check
  if (io.json) io.print({ file, ...check }, '')
  throw new Failure(`${file} is not sound:\n${check.problems.map((problem) => `  ${problem}`).join('\n')}`)
}
