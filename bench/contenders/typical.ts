/** What most teams write: Express, its form parser, better-sqlite3, one synced INSERT for each request. */
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import express from 'express'

const database = new Database(process.env.DATABASE_PATH)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec(`CREATE TABLE messages (id INTEGER PRIMARY KEY, msg_uid TEXT UNIQUE, from_user_id TEXT, to_user_id TEXT,
  object_name TEXT, content TEXT, channel_type TEXT, sent_at INTEGER);
  CREATE INDEX by_users ON messages (from_user_id, to_user_id, sent_at)`)
const insert = database.prepare(`INSERT INTO messages
  (msg_uid, from_user_id, to_user_id, object_name, content, channel_type, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`)

const app = express()
app.use(express.urlencoded({ extended: false }))
app.post('/callbacks/messages', ({ body }, response) => {
  const { msgUID, fromUserId, toUserId, objectName, content, channelType, msgTimestamp } = body
  insert.run(msgUID, fromUserId, toUserId, objectName, content, channelType, Number(msgTimestamp))
  response.send('ok')
})
const server = app.listen(Number(process.env.PORT), '127.0.0.1', () =>
  process.stdout.write(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`),
)
