/** The console of a real server process with an archive of its own, one for each file of tests, and a browser to see it. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { beforeAll } from 'vitest'
import { SETTINGS } from '../support/archive.ts'
import { getJson, type Asked } from '../support/requests.ts'
import { atEndOfFile, startServerProcess, temporaryFolder } from '../support/server-process.ts'
import { useBrowser, type VisitOptions } from './browser.ts'

export type ServedConsole = {
  archive: Asked
  /** @param address of the console, or any whole one */
  visit: (address: string, options?: VisitOptions) => Promise<Page>
  /** Writes to its database from outside, as somebody who mends or breaks it. */
  alter: (sql: string) => void
}

export function useConsole(): ServedConsole {
  const visit = useBrowser()
  let url = ''
  let path = ''
  const atEnd = atEndOfFile()
  beforeAll(async () => {
    path = join(temporaryFolder(atEnd), 'archive.db')
    ;({ url } = await startServerProcess({ ...SETTINGS, DATABASE_PATH: path }, atEnd))
  })
  const alter = (sql: string) => {
    const database = new Database(path)
    database.exec(sql)
    database.close()
  }
  return {
    archive: over(() => url),
    visit: (address, options) => visit(new URL(address, url).href, options),
    alter,
  }
}

/** The archive beyond a socket, as the support of all tests asks one. */
export function over(url: () => string): Asked {
  return { request: (path, init) => fetch(url() + path, init) }
}

type Item = { id: number; conversationId: number }

/** Where a message and its conversation are on the console. */
export async function placesOf(archive: Asked, msgUID: string) {
  const { items } = await getJson<{ items: Item[] }>(archive, `/api/v1/messages?msgUID=${msgUID}`)
  const [item] = items
  if (!item) throw new Error(`the archive has no ${msgUID}`)
  const conversation = `/console/conversations/${item.conversationId}`
  return {
    id: item.id,
    message: `/console/messages/${item.id}`,
    conversation,
    context: `${conversation}?message=${item.id}#message-${item.id}`,
  }
}
