/** What clients and servers tell each other behind the scenes (protocol §5.5): one small grey line each. */
import {
  isObject,
  joinLines,
  listAt,
  memberOf,
  stringAt,
} from '../../../rongcloud/message-types/readable-text.ts'
import { findMessageType } from '../../../rongcloud/message-types/index.ts'
import { html } from '../html.ts'
import { typeName, type Words } from '../words.ts'
import { command } from './notices.ts'
import { names, people, sentence } from './parts.ts'
import type { Renderer, Renderers } from './renderer.ts'
import { idAt, numberAt, stringsIn, timeAt } from './values.ts'

const recall: Renderer = (content, { words, sender }) => {
  const read = findMessageType('RC:RcCmd')?.schema.safeParse(content)
  const message = read?.success ? idAt(read.data, 'messageUId') : null
  if (message === null) return null
  const isAdmin = memberOf(read?.data, 'isAdmin') === true
  return sentence(isAdmin ? words.signals.recallByAdmin : words.signals.recall, { sender, message })
}

const expansion: Renderer = (content, { words, sender }) => {
  const message = idAt(content, 'mid')
  if (message === null) return null
  const { signals } = words
  const put = isObject(content.put) ? Object.entries(content.put).map(written) : []
  const del = stringsIn(listAt(content, 'del'))
  const isClear = numberAt(content, 'clear') === 1
  const lines = [
    isClear ? sentence(signals.expansionClear, { sender, message }) : null,
    put.length > 0 ? sentence(signals.expansionPut, { sender, message, keys: names(put, words) }) : null,
    del.length > 0 ? sentence(signals.expansionDelete, { sender, message, keys: names(del, words) }) : null,
  ].filter((line) => line !== null)
  return html`${lines.length > 0 ? lines : sentence(signals.expansion, { sender, message })}`
}

function written([key, value]: [string, unknown]): string {
  return typeof value === 'string' || typeof value === 'number' ? `${key} = ${value}` : key
}

/** Read up to a moment, here or on another device. */
function readUpTo(word: (words: Words) => string): Renderer {
  return (content, { words, sender, writeTime }) => {
    const upToMs = timeAt(content, 'lastMessageSendTime')
    return upToMs === null ? null : sentence(word(words), { sender, time: writeTime(upToMs) })
  }
}

const receiptRequest: Renderer = (content, { words, sender }) => {
  const message = idAt(content, 'messageUId')
  return message === null ? null : sentence(words.signals.receiptRequest, { sender, message })
}

const receiptAnswer: Renderer = (content, context) => {
  const { words, sender } = context
  const receipts = memberOf(content, 'receiptMessageDic')
  if (!isObject(receipts)) return null
  const count = Object.keys(receipts).reduce((sum, user) => sum + listAt(receipts, user).length, 0)
  return sentence(words.signals.receiptAnswer, {
    sender,
    count,
    users: people(Object.keys(receipts), context),
  })
}

const typing: Renderer = (content, { words, sender }) => {
  const type = stringAt(content, 'typingContentType')
  return type === null ? null : sentence(words.signals.typing, { sender, type: typeName(words, type) })
}

const DELETED = 2

const chatroomEntry: Renderer = (content, { words }) => {
  const key = idAt(content, 'key')
  if (key === null) return null
  if (numberAt(content, 'type') === DELETED) return sentence(words.signals.entryDelete, { key })
  return sentence(words.signals.entrySet, { key, value: idAt(content, 'value') ?? '' })
}

const menu: Renderer = (content, { words, sender }) => {
  const item = joinLines([stringAt(content, 'content'), idAt(content, 'menuItem')])
  return item === null ? null : sentence(words.signals.menu, { sender, item })
}

const logOrder: Renderer = (content, { words }) => {
  const platform = stringAt(content, 'platform') ?? stringAt(content, 'packageName')
  return platform === null ? null : sentence(words.signals.log, { platform })
}

export const signalRenderers: Renderers = {
  'RC:CmdMsg': command(({ signals }) => signals.command),
  'RC:RcCmd': recall,
  'RC:MsgExMsg': expansion,
  'RC:ReadNtf': readUpTo(({ signals }) => signals.read),
  'RC:SRSMsg': readUpTo(({ signals }) => signals.readElsewhere),
  'RC:RRReqMsg': receiptRequest,
  'RC:RRRspMsg': receiptAnswer,
  'RC:TypSts': typing,
  'RC:chrmKVNotiMsg': chatroomEntry,
  'RC:PSCmd': menu,
  'RC:LogCmdMsg': logOrder,
}
