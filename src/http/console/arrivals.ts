/** What arrives, as the lines of the live page; the newest stands first. */
import type { ArchivedChange } from '../../archive/changes.ts'
import type { Arrived, Newest } from '../../archive/feed.ts'
import { findGroupNames, type GroupNameOf } from '../../archive/group-names.ts'
import { findIds, type ArchivedMessage } from '../../archive/messages.ts'
import type { Store } from '../../archive/store.ts'
import { conversationKeyOf } from '../../domain/conversation.ts'
import { findNamesByApp, kindName, nameOf, usersOf, type Names } from './conversation-names.ts'
import { html, type Html } from './html.ts'
import { shapeOf } from './messages/edits.ts'
import { originNote } from './messages/marks.ts'
import { messageAddress } from './messages/message.ts'
import { person } from './messages/parts.ts'
import { plain, shown } from './messages/showable.ts'
import { typeNameIn } from './messages/wrapped.ts'
import { addressWith } from './page-links.ts'
import type { PageView } from './page-view.ts'
import { saidIn } from './said.ts'
import { withNames } from './view.ts'
import { fill, fillText } from './words.ts'

/** What the lines need to know besides: names of users and groups, and ids of messages that changed, by app. */
type Known = { names: Map<string, Names>; groupNameOf: GroupNameOf; ids: Map<string, number> }

export type Line = { arrived: Arrived; line: Html }

/** A line for each, in the order given. */
export async function linesOf(store: Store, all: readonly Arrived[], view: PageView): Promise<Line[]> {
  const messages = all.flatMap((arrived) => (arrived.type === 'message' ? [arrived.message] : []))
  const [names, groupNameOf, ids] = await Promise.all([
    findNamesIn(store, all),
    findGroupNames(store, messages),
    findChanged(store, all),
  ])
  const known = { names, groupNameOf, ids }
  return all.map((arrived) => ({
    arrived,
    line:
      arrived.type === 'message'
        ? messageLine(arrived.message, known, view)
        : changeLine(arrived.change, known, view),
  }))
}

/** In place of what was left out; null when nothing was. */
export function leftOutLine({ leftOut }: Newest, appKey: string | undefined, view: PageView): Html | null {
  if (leftOut === null) return null
  const { more, someMore } = view.pages.live
  // They are counted over all apps.
  const text = appKey === undefined && leftOut > 0 ? fillText(more, { count: leftOut }) : someMore
  return html`<li class="left-out">
    <a href="${addressWith('/console', { appKey: appKey ?? null })}">${text}</a>
  </li>`
}

function messageLine(message: ArchivedMessage, { names: namesIn, groupNameOf }: Known, view: PageView): Html {
  const { appKey, channelType, fromUserId, objectName, content, state } = message
  const names: Names = namesIn.get(appKey) ?? new Map()
  const conversation = { ...conversationKeyOf(message), name: groupNameOf(message) }
  const isSignal = shapeOf(message) === 'line'
  return html`<li class="${isSignal ? 'signal' : ''} ${state.recalled ? 'gone' : ''}">
    <p class="head">
      <a href="${messageAddress(message)}"><bdi>${nameOf(conversation, names, view)}</bdi></a>
      <span class="quiet">${view.writeTime(message.sentAtMs)}</span>
    </p>
    <p class="last" dir="auto">
      ${originNote(message, view)} ${shown(names.get(fromUserId) ?? fromUserId)}:
      ${saidIn(objectName, content, view)}
    </p>
    <p class="quiet">
      ${kindName(channelType, view)} · ${plain(typeNameIn(message, view.words))} · ${shown(appKey)}
    </p>
  </li>`
}

function changeLine(change: ArchivedChange, { names, ids }: Known, view: PageView): Html {
  const { pages, writeTime } = view
  const { appKey, kind, byUserId, msgUID, upToMs, atMs } = change
  const user = person(byUserId, withNames(view, names.get(appKey) ?? new Map()))
  const id = ids.get(nameOfMessage(change))
  return html`<li class="signal">
    <p class="quiet">
      <b>${pages.changes[kind]}</b>
      ${byUserId === '' ? null : fill(pages.message.by, { user })}
      ${upToMs === null ? null : fill(pages.message.upTo, { time: writeTime(upToMs) })}
      ${id === undefined ? msgUID && shown(msgUID) : html`<a href="/console/messages/${id}">${pages.live.changedMessage}</a>`}
      · ${writeTime(atMs)} ${originNote(change, view)}
    </p>
  </li>`
}

function findNamesIn(store: Store, all: readonly Arrived[]): Promise<Known['names']> {
  return findNamesByApp(store, all.map(usersIn))
}

function usersIn(arrived: Arrived) {
  if (arrived.type === 'change') return { appKey: arrived.change.appKey, userIds: [arrived.change.byUserId] }
  const { message } = arrived
  const userIds = [...usersOf(conversationKeyOf(message)), message.fromUserId]
  return { appKey: message.appKey, userIds }
}

async function findChanged(store: Store, arrived: readonly Arrived[]): Promise<Known['ids']> {
  const uids = arrived.flatMap((each) => (each.type === 'change' ? (each.change.msgUID ?? []) : []))
  if (uids.length === 0) return new Map()
  const found = await findIds(store, uids)
  return new Map(found.map((message) => [nameOfMessage(message), message.id]))
}

function nameOfMessage({ appKey, msgUID }: { appKey: string; msgUID: string | null }): string {
  return JSON.stringify([appKey, msgUID])
}
