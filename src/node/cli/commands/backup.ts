/** `archive backup`, `verify` and `rebuild`: copies of the archive, and whether it is sound. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { sql } from 'drizzle-orm'
import { DERIVED, type Derived } from '../../../archive/derived.ts'
import { countFurther, MISCOUNTED_HOURS, recountStatements } from '../../../archive/message-counts.ts'
import type { Store } from '../../../archive/store.ts'
import { rederiveChanges } from '../../../ingest/rederive-changes.ts'
import { checkDatabase, STEPS, type Check } from '../../backup/check.ts'
import { createBackup, restoreBackup, type Step } from '../../backup/copy.ts'
import { examples } from '../examples.ts'
import { Failure, requireFile, type Io } from '../io.ts'
import { patient } from '../../patient-store.ts'
import { NO_PROGRESS } from '../progress.ts'

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
      requireFile(databasePath)
      if (existsSync(file))
        throw new Failure(`${file} is there already, and is not overwritten; name another file`)
      await withProgress(io, (step) => createBackup(databasePath, file, step, io.signal))
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
    .action(async (file: string, { to }: { to: string }) => {
      const { counts } = soundOrThrow(io, file)
      await withProgress(io, (step) => restoreBackup(file, to, step, io.signal))
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
    .description('Derives again what follows from the messages, and tells what was wrong.')
    .addHelpText('after', examples('rebuild'))
    .action(async () => {
      const store = patient(io.openStore())
      const mended: Record<string, number> = { changes: await rederiveChanges(store) }
      for (const derived of DERIVED) mended[derived.name] = await mend(store, derived)
      mended.hours = await recount(store)
      const lines = Object.entries(mended).map(([name, count]) => `${name}: ${count} were wrong`)
      io.print({ mended }, lines.join('\n'))
    })
}

/** Behind the messages as ever; callbacks go between. */
async function recount(store: Store): Promise<number> {
  const { length } = await store.db.all(sql.raw(MISCOUNTED_HOURS))
  if (length > 0) await store.atomically(recountStatements(0))
  while (await countFurther(store));
  return length
}

async function mend(store: Store, { differing, mend: statementFor }: Derived): Promise<number> {
  const ids = (await store.db.all<[number]>(sql.raw(differing))).map(([id]) => id)
  for (let i = 0; i < ids.length; i += MENDED_AT_ONCE)
    await store.atomically([statementFor(ids.slice(i, i + MENDED_AT_ONCE))])
  return ids.length
}

async function withProgress(io: Io, copy: (step: Step) => Promise<void>): Promise<void> {
  let progress = NO_PROGRESS
  let last = 0
  await copy((done, total) => {
    if (progress === NO_PROGRESS) progress = io.progress('copying pages', total)
    progress.step(done - last)
    last = done
  })
  progress.stop()
}

function soundOrThrow(io: Io, file: string): Check {
  requireFile(file)
  const progress = io.progress('verifying', STEPS)
  const check = checkDatabase(file, () => progress.step())
  progress.stop()
  if (check.problems.length === 0) return check
  if (io.json) io.print({ file, ...check }, '')
  throw new Failure(`${file} is not sound:\n${check.problems.map((problem) => `  ${problem}`).join('\n')}`)
}
