/** The retired customer service (protocol §5.6), as its web SDK spelled it. */
import type { Context, Contents } from './content.ts'

const nothing = () => ({})

// One visit of one person to the desk.
const visit = ({ place, about }: Context) => ({ uid: place.people[0].userId, sid: about.msgUID, pid: 'p1' })

export const customerServiceContents: Contents = {
  'RC:HsMsg': nothing,
  'RC:SpMsg': nothing,
  'RC:CsHs': ({ from }) => ({
    requestInfo: { page: 'https://m.example.cn/help' },
    userInfo: { name: from.name },
  }),
  'RC:CsHsR': (context) => ({ status: 1, msg: '您好，请描述您的问题', data: visit(context) }),
  'RC:CSCha': visit,
  'RC:CsCha': visit,
  'RC:CsChaR': () => ({ code: 1, msg: '已为您转接人工客服', data: { status: 1 } }),
  'RC:CsEva': (context) => ({
    ...visit(context),
    source: context.random.whole(1, 5),
    suggest: '回复很快',
    isresolve: true,
    type: 1,
  }),
  'RC:CsSp': visit,
  'RC:CsEnd': ({ about }) => ({ code: 0, msg: '感谢您的咨询，再见', sid: about.msgUID }),
  'RC:CsUpdate': ({ about }) => ({ serviceStatus: '1', sid: about.msgUID }),
  'RC:CsContact': ({ from }) => ({
    page: 'https://m.example.cn/',
    nickName: from.name,
    routingInfo: '',
    info: {},
    requestInfo: {},
  }),
  'RC:CsEI': nothing,
  'RC:CsPLM': nothing,
  'RC:CsCEI': nothing,
  'RC:CsPullEva': nothing,
  'RC:CsLm': nothing,
  'RC:CsLM': nothing,
  'RC:CsHM': nothing,
  'RC:CsDHM': nothing,
}
