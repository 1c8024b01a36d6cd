import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aRecord, linesOfRecords } from '../../support/history-log.ts'
import { startServerProcess, temporaryFolder } from '../../support/server-process.ts'
import { settingsFor } from './archive-file.ts'
import { runArchive } from './archive-process.ts'
import { startTraffic } from './traffic.ts'

const RECORDS = 5000

const logOf = (prefix: string) =>
  linesOfRecords(Array.from({ length: RECORDS }, (_, n) => aRecord({ msgUID: `${prefix}-${n}` })))

describe('beside a server that takes callbacks', () => {
  it('imports write, and every callback is answered 200', async () => {
    const folder = temporaryFolder()
    const [path, other, log, file] = [
      join(folder, 'a.db'),
      join(folder, 'b.db'),
      join(folder, 'log'),
      join(folder, 'f'),
    ]
    writeFileSync(log, logOf('OTHER'))
    await runArchive(['logs', 'import', log], settingsFor(other))
    await runArchive(['export', '--output', file], settingsFor(other))
    writeFileSync(log, logOf('LOG'))
    const server = await startServerProcess(settingsFor(path))
    const traffic = startTraffic(server.url, 4)
    await expect.poll(() => traffic.acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(0)
    const logged = await runArchive(['logs', 'import', '--json', log], settingsFor(path))
    const imported = await runArchive(['import', '--json', file], settingsFor(path))
    await traffic.stop()
    expect(JSON.parse(logged.stdout)).toMatchObject({ filled: RECORDS })
    expect(JSON.parse(imported.stdout)).toMatchObject({ message: { recorded: RECORDS } })
    expect(traffic.refused).toEqual([])
  }, 90_000)
})
