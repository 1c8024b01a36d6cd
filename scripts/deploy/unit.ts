import { join } from 'node:path'
import { DEPLOY, run } from './run.ts'

const UNIT = join(DEPLOY, 'rongcloud-archive.service')

// Of 10, the most exposed. systemd-analyze takes ten times as much.
const EXPOSURE_MAX = 3

/** Has systemd read the unit and say how exposed the service is. */
export function* checkUnit(): Generator<string> {
  // What it does not understand it only tells.
  const complaints = run('systemd-analyze', ['verify', UNIT])
    .split('\n')
    .filter((line) => line.includes(UNIT))
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  yield 'the unit is read'
  const threshold = `--threshold=${EXPOSURE_MAX * 10}`
  const table = run('systemd-analyze', ['security', '--offline=true', '--no-pager', threshold, UNIT])
  yield /Overall exposure level .*: [\d.]+/.exec(table)?.[0] ?? 'its exposure is low enough'
}
