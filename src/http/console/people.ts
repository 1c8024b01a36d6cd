/** Of whom a message speaks, so that their names can be looked up before it is shown. */
import type { ArchivedMessage } from '../../archive/messages.ts'
import { listAt, memberOf, parseJson } from '../../rongcloud/message-types/readable-text.ts'
import { idAt, stringsIn } from './messages/values.ts'

// Of a list that may be thousands long, no less than any renderer shows.
const MOST_NAMED = 50

/** Ids of its sender, of those who changed it, and of those whom it quotes, mentions or forwards. */
export function peopleIn({ fromUserId, content, state }: ArchivedMessage): string[] {
  const { recalled, versions, deletedFor } = state
  const deleters = deletedFor.slice(0, MOST_NAMED)
  const changers = [recalled?.byUserId ?? '', ...versions.map(({ byUserId }) => byUserId), ...deleters]
  const contents = [content, ...versions.map((version) => version.content)]
  return [fromUserId, ...changers, ...contents.flatMap(spokenOf)]
}

// Most contents speak of nobody, and need not be parsed.
const NAMES_SOMEBODY = /"(?:referMsgUserId|userIdList|msgList)"/

function spokenOf(text: string): string[] {
  if (!NAMES_SOMEBODY.test(text)) return []
  const content = parseJson(text)
  const authors = [
    idAt(content, 'referMsgUserId'),
    ...listAt(content, 'msgList')
      .slice(0, MOST_NAMED)
      .map((message) => idAt(message, 'fromUserId')),
  ]
  const mentioned = stringsIn(listAt(memberOf(content, 'mentionedInfo'), 'userIdList')).slice(0, MOST_NAMED)
  return [...authors.filter((id) => id !== null), ...mentioned]
}
