/** The retired customer service (protocol §5.6): who came to the desk, and how it ended. */
import { memberOf, stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import { html } from '../html.ts'
import { typeName, type Words } from '../words.ts'
import { aside, sentence } from './parts.ts'
import type { Renderer, Renderers } from './renderer.ts'
import { flagAt, idAt } from './values.ts'

type Word = keyof Words['customerService']

/** What somebody at the desk does; the content only says in which session. */
function step(word: Word): Renderer {
  return (_, { words, sender }) => sentence(words.customerService[word], { user: sender })
}

/** What the desk answers: its words, or a code. */
function answer(word: Word): Renderer {
  return (content, { words }) => {
    const message = stringAt(content, 'msg') ?? idAt(content, 'status') ?? idAt(content, 'code')
    return sentence(words.customerService[word], { message: message ?? words.unknown })
  }
}

const handshake: Renderer = (content, { words, sender }) => {
  const user = stringAt(memberOf(content, 'userInfo'), 'name') ?? sender
  return sentence(words.customerService.handshake, { user })
}

const evaluation: Renderer = (content, { words, sender }) => {
  const { evaluation: told, resolved, unresolved } = words.customerService
  const score = idAt(content, 'source') ?? words.unknown
  const suggestion = stringAt(content, 'suggest') ?? ''
  const isResolved = flagAt(content, 'isresolve')
  const outcome = isResolved === null ? null : aside(isResolved ? resolved : unresolved)
  return html`${sentence(told, { user: sender, score, suggestion })} ${outcome}`
}

const update: Renderer = (content, { words }) =>
  sentence(words.customerService.update, { status: idAt(content, 'serviceStatus') ?? words.unknown })

const contactDetails: Renderer = (content, { words, sender }) =>
  sentence(words.customerService.contact, { user: stringAt(content, 'nickName') ?? sender })

const begins: Renderer = (_, { words, objectName }) => sentence(typeName(words, objectName))

export const customerServiceRenderers: Renderers = {
  'RC:HsMsg': begins,
  'RC:SpMsg': begins,
  'RC:CsHs': handshake,
  'RC:CsHsR': answer('handshakeResult'),
  'RC:CSCha': step('changeMode'),
  'RC:CsCha': step('changeMode'),
  'RC:CsChaR': answer('changeModeResult'),
  'RC:CsEva': evaluation,
  'RC:CsSp': step('suspend'),
  'RC:CsEnd': answer('end'),
  'RC:CsUpdate': update,
  'RC:CsContact': contactDetails,
}
