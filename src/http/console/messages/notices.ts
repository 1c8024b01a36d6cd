/** The grey bar in a conversation (protocol §5.4), in our words and, where it has some, its own. */
import { isObject, listAt, parseJson, stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import { membersOfRecallNotice } from '../../../rongcloud/message-types/recall-notice.ts'
import { html, type Html } from '../html.ts'
import { typeName, type Words } from '../words.ts'
import { folded } from './folded.ts'
import { longText } from './long-text.ts'
import { names, people, person, sentence } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { flagAt, idAt, numberAt, stringsIn } from './values.ts'

const information: Renderer = (content, context) => {
  const message = stringAt(content, 'message')
  return message === null ? null : longText(message, context)
}

const CONTACT_WORDS: Readonly<Record<string, keyof Words['notices']>> = {
  Request: 'contactRequest',
  AcceptResponse: 'contactAccept',
  RejectResponse: 'contactReject',
}

const contact: Renderer = (content, context) => {
  const { notices } = context.words
  const operation = stringAt(content, 'operation')
  if (operation === null) return null
  const word = wordFor(CONTACT_WORDS, operation.replace(/^ContactOperation/, '')) ?? 'contactOther'
  const source = person(idAt(content, 'sourceUserId'), context)
  const target = person(idAt(content, 'targetUserId'), context)
  return withMessage(sentence(notices[word], { operation, source, target }), content, context)
}

const GROUP_WORDS: Readonly<Record<string, keyof Words['notices']>> = {
  Create: 'groupCreate',
  Add: 'groupAdd',
  Quit: 'groupQuit',
  Kicked: 'groupKicked',
  Rename: 'groupRename',
  Bulletin: 'groupBulletin',
  Dismiss: 'groupDismiss',
}

const group: Renderer = (content, context) => {
  const { words } = context
  const operation = stringAt(content, 'operation')
  if (operation === null) return null
  const details = detailsOf(content.data)
  const operator = stringAt(details, 'operatorNickname') ?? person(idAt(content, 'operatorUserId'), context)
  const name = stringAt(details, 'targetGroupName') ?? words.unknown
  const word = wordFor(GROUP_WORDS, operation) ?? 'groupOther'
  const told = sentence(words.notices[word], {
    operator,
    operation,
    name,
    members: membersIn(details, context),
  })
  return withMessage(told, content, context)
}

function membersIn(details: unknown, context: Context): Html {
  const named = stringsIn(listAt(details, 'targetUserDisplayNames'))
  if (named.length > 0) return names(named, context.words)
  const members = stringsIn(listAt(details, 'targetUserIds'))
  return members.length > 0 ? people(members, context) : html`${context.words.somebody}`
}

// The documents write JSON in a string, a server SDK the object itself (protocol §12).
function detailsOf(data: unknown): unknown {
  return typeof data === 'string' ? parseJson(data) : data
}

function withMessage(told: Html, content: unknown, context: Context): Html {
  const message = stringAt(content, 'message')
  return html`${told} ${message && longText(message, context)}`
}

const profile: Renderer = (content, context) => {
  const operation = stringAt(content, 'operation')
  if (operation === null) return null
  const told = sentence(context.words.notices.profile, { user: context.sender, operation })
  return html`${told} ${dataOf(content.data, context)}`
}

/** A command means something to the app alone: its name, and its data to unfold. */
export function command(word: (words: Words) => string): Renderer {
  return (content, context) => {
    const name = stringAt(content, 'name')
    if (name === null) return null
    return html`${sentence(word(context.words), { name })} ${dataOf(content.data, context)}`
  }
}

function dataOf(data: unknown, context: Context): Html | null {
  const isThere = (typeof data === 'string' && data !== '') || isObject(data)
  // What is too long here is not a file of its own: the whole content is, and has its link elsewhere.
  return isThere ? folded(data, { ...context, id: null }) : null
}

const DISCUSSION_WORDS = [
  'discussionOther',
  'discussionJoin',
  'discussionQuit',
  'discussionRename',
  'discussionRemove',
  'discussionInvite',
] as const satisfies readonly (keyof Words['notices'])[]

const discussion: Renderer = (content, context) => {
  const { words } = context
  const [type, operator] = [numberAt(content, 'type'), idAt(content, 'operator')]
  if (type === null && operator === null) return null
  const members = stringAt(content, 'extension') ?? words.somebody
  const word = DISCUSSION_WORDS[type ?? 0] ?? 'discussionOther'
  return sentence(words.notices[word], { operator: person(operator, context), members })
}

const recall: Renderer = (content, context) => {
  const { words } = context
  const told = membersOfRecallNotice(content)
  const operator = idAt(told, 'operatorId')
  const original = stringAt(told, 'originalObjectName')
  if (operator === null && original === null) return null
  const word = flagAt(told, 'admin') ? words.notices.recalledByAdmin : words.notices.recalled
  const type = original === null ? words.unknown : typeName(words, original)
  return sentence(word, { operator: person(operator, context), type })
}

function wordFor<Word>(table: Readonly<Record<string, Word>>, key: string): Word | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

export const noticeRenderers: Renderers = {
  'RC:InfoNtf': information,
  'RC:ContactNtf': contact,
  'RC:GrpNtf': group,
  'RC:ProfileNtf': profile,
  'RC:CmdNtf': command(({ notices }) => notices.command),
  'RC:DizNtf': discussion,
  'RC:RcNtf': recall,
}
