/** `archive doctor`: what is wrong with an installation, and what to do about it. */
import { existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { findDamageApart } from '../../backup/check-apart.ts'
import { findInDatabase, findingOfIntegrity } from '../../doctor/database.ts'
import { findInFiles } from '../../doctor/files.ts'
import { fail, type Finding } from '../../doctor/finding.ts'
import { findLogHosts } from '../../doctor/log-hosts.ts'
import { findInSettings } from '../../doctor/settings.ts'
import { examples } from '../examples.ts'
import { Failure, type Io } from '../io.ts'

export function addDoctorCommand(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('Looks at settings, database, clock, disk and callbacks, and says what to do.')
    .option('--full', 'read the whole database for damage too')
    .addHelpText('after', examples('doctor', 'doctor --full --json'))
    .action(async ({ full = false }: { full?: boolean }) => {
      const findings = await examine(io, full)
      io.print({ findings }, findings.map(lineOf).join('\n'))
      const { length } = findings.filter(({ level }) => level === 'fail')
      if (length > 0) throw new Failure(`${length} of ${findings.length} need mending`)
    })
}

async function examine(io: Io, full: boolean): Promise<Finding[]> {
  const { config, findings } = findInSettings(io.settings)
  if (config === null) return findings
  const { databasePath, apps, serverApi, logZone } = config
  if (!existsSync(databasePath)) {
    const todo = 'start the server once, or set DATABASE_PATH'
    return [...findings, fail('database', `there is none at ${databasePath}`, todo)]
  }
  if (!statSync(databasePath).isFile())
    return [...findings, fail('database', `${databasePath} is no file`, 'set DATABASE_PATH')]
  const appKeys = apps.map(({ appKey }) => appKey)
  const withLogs = serverApi === null ? [] : appKeys
  const inDatabase = findInDatabase(databasePath, { nowMs: io.now(), apps: appKeys, withLogs, logZone })
  const isOpened = inDatabase.every(({ about }) => about !== 'database')
  const integrity =
    full && isOpened ? [findingOfIntegrity(await findDamageApart(databasePath, io.signal))] : []
  const logHosts = await findLogHosts(config, { nowMs: io.now(), signal: io.signal })
  return [...findings, ...inDatabase, ...logHosts, ...integrity, ...findInFiles(databasePath)]
}

function lineOf({ level, about, what, todo }: Finding): string {
  return `${level.padEnd(4)}  ${about}: ${what}${todo === null ? '' : `\n      → ${todo}`}`
}
