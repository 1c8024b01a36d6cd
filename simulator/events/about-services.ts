/** Robots, and the public service of the oldest days, which speaks XML. */
import { jsonRequest } from '../wire.ts'
import { addressOf, type Events } from './event.ts'

export const serviceEvents: Events = {
  bots: ({ random, message }) =>
    jsonRequest(addressOf('bots'), {
      type: random.pick([
        'message:private',
        'message:group_mentioned',
        'message:private_read',
        'group:bot_join',
      ]),
      timestamp: message.sentAtMs,
      bot: { userId: 'bot_xiaorong', name: '智能客服小融', profileUrl: '', type: 'webhook', metadata: {} },
      data: {
        fromUserId: message.fromUserId,
        toUserId: 'bot_xiaorong',
        objectName: message.objectName,
        content: message.content,
        channelType: message.channelType,
      },
    }),

  'public-service': ({ random, message }) => ({
    path: addressOf('public-service'),
    contentType: 'text/xml',
    body: [
      '<xml>',
      '<ToUserName><![CDATA[gh_daily_deals]]></ToUserName>',
      `<FromUserName><![CDATA[${message.fromUserId}]]></FromUserName>`,
      `<CreateTime>${Math.floor(message.sentAtMs / 1000)}</CreateTime>`,
      '<MsgType><![CDATA[text]]></MsgType>',
      `<Content><![CDATA[${random.pick(['今日好价', '菜单', 'news & deals'])}]]></Content>`,
      `<MsgId>${random.digits(16)}</MsgId>`,
      '</xml>',
    ].join(''),
    carrier: 'public-service-query',
  }),
}
