/** What people send that is neither text nor media: cards, places, links, stickers (protocol §5.3). */
import { thumbnail } from './bytes.ts'
import { IMAGES, type Context, type Contents } from './content.ts'

const STICKERS = ['开心', '谢谢老板', 'OK', '哭了', 'bye'] as const

const PLACES = [
  { poi: '浙江省杭州市西湖区文三路478号', latitude: 30.279_31, longitude: 120.137_25 },
  { poi: '广东省佛山市南海区桂城街道', latitude: 23.035_1, longitude: 113.154_7 },
  { poi: '221B Baker Street, London', latitude: 51.523_77, longitude: -0.158_53 },
] as const

function article({ random, facts }: Context) {
  const id = random.digits(8)
  return {
    title: `${facts.goods} ¥${facts.price}`,
    digest: `${facts.colour} / ${facts.size}`,
    picurl: `${IMAGES}/${id}.png`,
    url: `https://m.example.cn/article/${id}.html?from=im&scene=chat`,
  }
}

export const userContents: Contents = {
  'RC:TxtMsg': ({ facts }) => ({ content: `${facts.goods} ${facts.colour} ${facts.size}`, extra: '' }),
  'RC:ImgTextMsg': (context) => {
    const { title, digest, picurl, url } = article(context)
    return { title, content: digest, imageUri: picurl, url, extra: '' }
  },
  'RC:LBSMsg': ({ random }) => ({ content: thumbnail(random), ...random.pick(PLACES), extra: '' }),
  'RC:CardMsg': ({ from, place }) => {
    const [{ userId, name, portrait }] = place.people
    return {
      userId,
      name,
      portraitUri: portrait,
      sendUserId: from.userId,
      sendUserName: from.name,
      extra: '',
    }
  },
  'RC:StkMsg': ({ random }) => ({
    packageId: `p${random.whole(1, 9)}`,
    stickerId: `s${random.whole(1, 40)}`,
    digest: random.pick(STICKERS),
    width: 240,
    height: 240,
  }),
  'RC:StreamMsg': ({ facts, about }) => ({
    content: `**${facts.goods}** (${facts.colour}, ${facts.size}): ${facts.price}`,
    type: 'markdown',
    seq: 4,
    complete: true,
    completeReason: 0,
    referMsg: { messageUId: about.msgUID, objectName: about.objectName, senderId: about.fromUserId },
  }),
  'RC:PSImgTxtMsg': (context) => ({ articles: [article(context)] }),
  'RC:PSMultiImgTxtMsg': (context) => ({ articles: [article(context), article(context), article(context)] }),
  'RCJrmf:RpMsg': ({ random }) => ({
    Bribery_ID: random.digits(12),
    Bribery_Name: '融云红包',
    Bribery_Message: '恭喜发财，大吉大利',
  }),
  'RCJrmf:RpOpendMsg': ({ random, from, about }) => ({
    packetId: random.digits(12),
    openUserId: from.userId,
    sendUserId: about.fromUserId,
  }),
  'RC:RLStart': () => ({ content: '我发起了位置共享', extra: '' }),
  'RC:RLEnd': () => ({ content: '位置共享已结束', extra: '' }),
  'RC:VSTMsg': () => ({ content: '', extra: '' }),
}
