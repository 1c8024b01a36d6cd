/** The grey bar in a conversation (protocol §5.4). */
import { othersOf } from '../world/places.ts'
import type { Contents } from './content.ts'

export const noticeContents: Contents = {
  'RC:InfoNtf': ({ random, facts }) => ({
    message: random.pick([
      '你们已经是好友了，现在可以聊天了',
      '对方正在忙，稍后回复您',
      `您的订单 ${facts.order} 已发货`,
      'You are now connected',
    ]),
    extra: '',
  }),
  'RC:ContactNtf': ({ random, from, place, facts }) => ({
    operation: random.pick(['Request', 'AcceptResponse', 'RejectResponse']),
    sourceUserId: from.userId,
    targetUserId: othersOf(place, from)[0].userId,
    message: random.pick(['你好，我是买家', `想咨询一下${facts.goods}`, 'hi, we met at the fair']),
    extra: '{"sourceUserNickname":"…","version":"1456282826213"}',
  }),
  'RC:ProfileNtf': ({ from }) => ({
    operation: 'Update',
    data: JSON.stringify({ name: from.name, portrait: from.portrait }),
    extra: '',
  }),
  'RC:CmdNtf': ({ facts }) => ({
    name: 'OrderPaid',
    data: JSON.stringify({ order: facts.order, amount: facts.price }),
  }),
  'RC:GrpNtf': ({ from, facts }) => ({
    operatorUserId: from.userId,
    operation: 'Rename',
    data: JSON.stringify({ operatorNickname: from.name, targetGroupName: `${facts.goods}内购群` }),
    message: `${from.name} 修改了群名称`,
    extra: '',
  }),
  'RC:DizNtf': ({ from, place }) => ({ type: 1, extension: place.people[1].userId, operator: from.userId }),
  'RC:RcNtf': ({ from, about }) => ({
    operatorId: from.userId,
    recallTime: about.sentAtMs + 2000,
    originalObjectName: about.objectName,
    recallActionTime: about.sentAtMs + 1500,
    admin: false,
    delete: false,
  }),
}
