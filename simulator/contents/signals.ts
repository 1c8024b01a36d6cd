/** What clients and servers tell each other behind the scenes (protocol §5.5). */
import type { Contents } from './content.ts'

const nothing = () => ({})

export const signalContents: Contents = {
  'RC:CmdMsg': ({ random }) => ({ name: 'refresh', data: JSON.stringify({ page: random.whole(1, 9) }) }),
  'RC:RcCmd': ({ random, about, place }) => ({
    messageUId: about.msgUID,
    conversationType: place.conversationType,
    targetId: about.targetId,
    ...(about.busChannel && { channelId: about.busChannel }),
    sentTime: about.sentAtMs,
    isAdmin: false,
    isDelete: random.chance(0.15),
  }),
  'RC:MsgExMsg': ({ random, about, from }) => ({
    mid: about.msgUID,
    ...random.weighted([
      [8, { put: { like: String(random.whole(1, 9)), [`by_${from.userId}`]: '👍' } }],
      [2, { del: ['like'] }],
      [1, { clear: 1 }],
    ] as const),
  }),
  'RC:ReadNtf': ({ about }) => ({ lastMessageSendTime: about.sentAtMs, messageUId: about.msgUID, type: 1 }),
  'RC:RRReqMsg': ({ about }) => ({ messageUId: about.msgUID }),
  'RC:RRRspMsg': ({ about }) => ({ receiptMessageDic: { [about.fromUserId]: [about.msgUID] } }),
  'RC:SRSMsg': ({ about }) => ({ lastMessageSendTime: about.sentAtMs }),
  'RC:chrmKVNotiMsg': ({ random, from }) => ({
    type: 1,
    key: `seat_${random.whole(1, 8)}`,
    value: JSON.stringify({ uid: from.userId }),
    extra: '',
  }),
  'RC:PSCmd': ({ random }) => ({ content: '', menuItem: `m${random.whole(1, 3)}` }),
  'RC:LogCmdMsg': ({ random, about }) => ({
    uri: 'https://log.example.cn/upload',
    logId: random.digits(10),
    platform: 'Android',
    packageName: 'cn.example.shop',
    startTime: String(about.sentAtMs - 3_600_000),
    endTime: String(about.sentAtMs),
  }),
  'RC:TypSts': () => ({ typingContentType: 'RC:TxtMsg', data: '' }),
  // Of these only the names are known.
  'RC:RRMsg': nothing,
  'RC:RSMsg': nothing,
  'RC:DRMsg': nothing,
  'RC:Delivered': nothing,
  'RC:ChrmMemChange': nothing,
  'RC:ChrmSyncMsg': nothing,
  'RC:ChrmBlockMsg': nothing,
  'RC:ChrmBanMsg': nothing,
  'RC:UIUMsg': nothing,
  'RC:OldMsgNtf': nothing,
  'RC:CCConfigChangeRequestMsg': nothing,
  'RC:RLJoin': nothing,
  'RC:RLQuit': nothing,
  'RC:RL': nothing,
  'RC:InterceptMsg': nothing,
}
