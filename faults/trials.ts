import { clients } from './clients.ts'
import { content } from './content.ts'
import { disk } from './disk.ts'
import { fuzz } from './fuzz.ts'
import { ends } from './ends.ts'
import { kills } from './kills.ts'
import { overload } from './overload.ts'
import { powerLoss } from './power-loss.ts'
import { endAll } from './server.ts'
import type { Circumstances, Finding, Trial } from './trial.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export const TRIALS: readonly Trial[] = [kills, powerLoss, disk, overload, ends, clients, content, fuzz]

/** Runs one in a folder of its own inside `parent`. */
export async function undergo(
  trial: Trial,
  parent: string,
  how: Omit<Circumstances, 'folder'>,
): Promise<Finding[]> {
  const folder = mkdtempSync(join(parent, `${trial.name}-`))
  try {
    return await trial.run({ ...how, folder })
  } finally {
    endAll()
    rmSync(folder, { recursive: true, force: true })
  }
}
