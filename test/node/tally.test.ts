import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startServerProcess, temporaryFolder } from '../support/server-process.ts'

it('a service that is told to stop writes down what it has counted', async () => {
  const path = join(temporaryFolder(), 'archive.db')
  const server = await startServerProcess({ DATABASE_PATH: path, RONGCLOUD_APPS: 'app:secret' })
  const refused = `${server.url}/callbacks/messages?appKey=app&nonce=1&timestamp=1&signature=0`
  // The first is written at once, the others not for ten seconds.
  for (let i = 0; i < 3; i++) expect((await fetch(refused, { method: 'POST', body: 'x=1' })).status).toBe(401)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  const database = new Database(path)
  const rows = database.prepare('SELECT app_key, outcome, reason, callbacks FROM callback_counts').raw().all()
  database.close()
  expect(rows).toEqual([['app', 'refused', 'signature_wrong', 3]])
})
