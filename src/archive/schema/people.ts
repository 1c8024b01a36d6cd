/** What is known of users, groups and sellers. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The last that online status told of each session of a user. */
export const sessions = sqliteTable(
  'sessions',
  {
    appKey: text('app_key').notNull(),
    userId: text('user_id').notNull(),
    // '' when the event names none.
    sessionId: text('session_id').notNull(),
    status: text('status', { enum: ['online', 'offline', 'logout'] }).notNull(),
    os: text('os'),
    clientIp: text('client_ip'),
    atMs: integer('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.userId, t.sessionId] })],
)

/** The newest `user` object that a user's own messages carried. */
export const userProfiles = sqliteTable(
  'user_profiles',
  {
    appKey: text('app_key').notNull(),
    userId: text('user_id').notNull(),
    name: text('name'),
    portrait: text('portrait'),
    sentAtMs: integer('sent_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.userId] })],
)

/** The newest name of a group (`channelType` GROUP) that an event or a notice told. */
export const groupNames = sqliteTable(
  'group_names',
  {
    appKey: text('app_key').notNull(),
    groupId: text('group_id').notNull(),
    name: text('name').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.groupId] })],
)

/** Names that the app's back end gives to sellers; they come before what messages tell. */
export const sellers = sqliteTable(
  'sellers',
  {
    appKey: text('app_key').notNull(),
    sellerId: text('seller_id').notNull(),
    shopName: text('shop_name'),
    logo: text('logo'),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appKey, t.sellerId] })],
)
