/** Messages that carry others: quotes and forwards (protocol §5.3). */
import type { JsonObject } from '../message.ts'
import { FILES, type Context, type Contents } from './content.ts'

// A quote of a picture carries the picture; RongCloud's limit of 128 KB is far, but rows need not be that long.
const QUOTED_MAX = 400

function quoted({ about }: Context): { objName: string; referMsg: JsonObject } {
  try {
    const content = JSON.parse(about.content) as unknown
    if (about.content.length <= QUOTED_MAX && typeof content === 'object' && content !== null)
      return { objName: about.objectName, referMsg: content as JsonObject }
  } catch {
    // The app's own types need not be JSON.
  }
  return { objName: 'RC:TxtMsg', referMsg: { content: '…' } }
}

function combined({ place, about, facts }: Context) {
  const [one, other] = place.people
  return {
    conversationType: place.conversationType === 3 ? 3 : 1,
    nameList: [one.name, other.name],
    summaryList: [`${one.name}: ${facts.goods}`, `${other.name}: [图片]`],
    title: `${about.author.name}的聊天记录`,
  }
}

export const nestedContents: Contents = {
  'RC:ReferenceMsg': (context) => {
    const { about, facts, random } = context
    const { objName, referMsg } = quoted(context)
    return {
      content: random.pick(['这个', '+1', facts.size, '就是说这条👆', 'this one']),
      referMsgUserId: about.fromUserId,
      referMsgUid: about.msgUID,
      objName,
      // Sources disagree, and both come (protocol §5.3).
      referMsg: random.chance(0.3) ? JSON.stringify(referMsg) : referMsg,
      referMsgStatus: 0,
    }
  },
  'RC:CombineMsg': (context) => ({
    ...combined(context),
    remoteUrl: `${FILES}/${context.random.digits(16)}.html`,
    localPath: '',
  }),
  'RC:CombineV2Msg': (context) => {
    const { about, place } = context
    const { objName, referMsg } = quoted(context)
    const forwarded = { fromUserId: about.fromUserId, targetId: about.targetId, timestamp: about.sentAtMs }
    const msgList = [{ ...forwarded, objectName: objName, content: referMsg }]
    return { ...combined(context), conversationType: place.conversationType, msgNum: msgList.length, msgList }
  },
}
