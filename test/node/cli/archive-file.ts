/** An archive in a file, filled through the app as RongCloud and the back end would. */
import { createArchive, SETTINGS, type ArchiveUnderTest } from '../../support/archive.ts'
import { hashing } from '../../support/hashing.ts'
import { openSqliteStore } from '../../../src/node/sqlite-store.ts'

/** What `archive` is run with. */
export function settingsFor(path: string): Record<string, string> {
  // Nobody is there to be asked for logs.
  return { ...SETTINGS, DATABASE_PATH: path, RONGCLOUD_API: 'http://127.0.0.1:1' }
}

export async function fillArchive(
  path: string,
  fill: (archive: ArchiveUnderTest) => Promise<unknown>,
  settings: Record<string, string> = {},
): Promise<void> {
  const store = openSqliteStore(path)
  try {
    const archive = createArchive(store, hashing, settings)
    await fill(archive)
    await archive.settled()
  } finally {
    await store.close()
  }
}
