/** What groups are called, as events of hosted groups and notices in the groups tell it. */
import { and, eq, sql, type SQL } from 'drizzle-orm'
import { jsonRows } from './json-rows.ts'
import { conversations, groupNames, messages } from './schema.ts'
import { prepared, sqlWriter, type Statement, type Store } from './store.ts'

export type GroupName = Omit<typeof groupNames.$inferSelect, 'appKey'>

// RongCloud allows 64; a page with fifty names must stay a page.
const LONGEST_NAME = 200

type Group = { appKey: string; channelType: string; targetId: string }

/** The name of a conversation's group; null where none is known, and for what is not a group. */
export type GroupNameOf = (conversation: Group) => string | null

export const ofItsGroup = and(
  eq(conversations.channelType, 'GROUP'),
  eq(groupNames.appKey, conversations.appKey),
  eq(groupNames.groupId, conversations.targetId),
)

export async function findGroupNames({ replica }: Store, all: readonly Group[]): Promise<GroupNameOf> {
  const groups = all.filter(({ channelType }) => channelType === 'GROUP')
  if (groups.length === 0) return () => null
  const keys = JSON.stringify(groups.map(({ appKey, targetId }) => [appKey, targetId]))
  const found = await replica
    .select()
    .from(groupNames)
    .where(
      sql`(${groupNames.appKey}, ${groupNames.groupId}) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${keys}))`,
    )
  const names = new Map(found.map(({ appKey, groupId, name }) => [JSON.stringify([appKey, groupId]), name]))
  return ({ appKey, channelType, targetId }) =>
    channelType === 'GROUP' ? (names.get(JSON.stringify([appKey, targetId])) ?? null) : null
}

/** Statements that remember the newest name of each group, in whatever order names are told. */
export function groupNameStatements(appKey: string, told: readonly GroupName[]): Statement[] {
  const rows = told.map(({ groupId, name, atMs }) => [groupId, fit(name), atMs])
  return jsonRows(rows).map((json) => nameGroups({ appKey, rows: json }))
}

type Naming = { appKey: string; msgUID: string; targetId: string; content: string; sentAtMs: number }

/** The name that a message gives its group. Writes nothing if a different message holds this msgUID. */
export function groupNameStatement(message: Naming, name: string): Statement {
  return nameGroupOf({ ...message, name: fit(name) })
}

// A lone surrogate is no character: the database would not give it back.
function fit(name: string): string {
  return name.slice(0, LONGEST_NAME).toWellFormed()
}

const place = (name: string) => sql.placeholder(name)

const remember = (told: SQL) =>
  prepared(
    sqlWriter
      .insert(groupNames)
      .select(told)
      .onConflictDoUpdate({
        target: [groupNames.appKey, groupNames.groupId],
        set: { name: sql`excluded.name`, atMs: sql`excluded.at_ms` },
        // Of two names of one moment always the same one stays, whichever came first.
        setWhere: sql`(excluded.at_ms, excluded.name) > (${groupNames.atMs}, ${groupNames.name})`,
      }),
  )

const nameGroups = remember(
  sql`SELECT ${place('appKey')}, value ->> 0, value ->> 1, value ->> 2 FROM json_each(${place('rows')}) WHERE true`,
)

const nameGroupOf = remember(
  sql`SELECT ${place('appKey')}, ${place('targetId')}, ${place('name')}, ${place('sentAtMs')}
    WHERE EXISTS (SELECT 1 FROM ${messages}
      WHERE ${messages.msgUID} = ${place('msgUID')} AND ${messages.appKey} = ${place('appKey')}
      AND ${messages.targetId} = ${place('targetId')} AND ${messages.content} = ${place('content')}
      AND ${messages.sentAtMs} = ${place('sentAtMs')})`,
)
