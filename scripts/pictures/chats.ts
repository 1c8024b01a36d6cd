/** What a small shop's chats on one afternoon could be. Own texts; `minutesAgo` counts back from when the pictures are taken. */
export type Said = {
  minutesAgo: number
  from: string
  to: string
  objectName: string
  content: Record<string, unknown>
  channelType?: 'PERSON' | 'GROUP'
  /** By which a later message means this one. */
  msgUID?: string
  originalMsgUID?: string
}

const NAMES: Readonly<Record<string, string>> = {
  u1024: '林晓',
  u2048: '陈一鸣',
  u3072: '周雨桐',
  u4096: 'Emma Wilson',
  u5120: '王建国',
  u6144: '沈可',
  shop_7: '拾光家居',
  shop_12: '山野茶铺',
  shop_31: '小鹿童装',
  shop_44: 'North Lamp Studio',
}

type Line = [
  minutesAgo: number,
  who: 'member' | 'seller',
  content: string | Record<string, unknown>,
  objectName?: string,
  more?: Partial<Said>,
]

function chat(member: string, seller: string, lines: readonly Line[]): Said[] {
  return lines.map(([minutesAgo, who, said, objectName = 'RC:TxtMsg', more = {}]) => {
    const [from, to] = who === 'member' ? [member, seller] : [seller, member]
    const user = { id: from, name: NAMES[from] }
    const content = { ...(typeof said === 'string' ? { content: said } : said), user }
    return { minutesAgo, from, to, objectName, content, ...more }
  })
}

const FILES = 'https://files.example.com'

/** A JPEG in base64 of what is to be drawn on it. */
type Draw = (drawn: string) => string

function lamp(picture: Draw): Said[] {
  return chat('u1024', 'shop_7', [
    [1490, 'member', '你好，床头灯还有胡桃木色的吗？'],
    [1488, 'seller', '林小姐您好，胡桃木色还有 6 盏，今天下单明天发货～'],
    [46, 'member', '昨天的灯收到了，特别好看 😍'],
    [45, 'member', { content: picture('🛋️💡'), imageUri: `${FILES}/lamp-at-home.jpg` }, 'RC:ImgMsg'],
    [44, 'seller', '哇，和您家的沙发很配！[玫瑰]', 'RC:TxtMsg', { msgUID: 'C3PA-LAMP-0001-PRTY' }],
    [41, 'member', '想再买两盏放客厅，能便宜点吗？', 'RC:TxtMsg', { msgUID: 'C3PA-LAMP-0002-PRTY' }],
    [
      39,
      'seller',
      {
        content: '老客户两盏 478 元，再送灯泡一只 🎁',
        referMsgUserId: 'u1024',
        referMsgUid: 'C3PA-LAMP-0002-PRTY',
        objName: 'RC:TxtMsg',
        referMsg: { content: '想再买两盏放客厅，能便宜点吗？' },
      },
      'RC:ReferenceMsg',
      { msgUID: 'C3PA-LAMP-0003-PRTY' },
    ],
    [38, 'member', '好呀！地址发您', 'RC:TxtMsg'],
    [
      37,
      'member',
      { content: '', latitude: 30.2741, longitude: 120.1551, poi: '杭州市上城区湖滨街道 8 号' },
      'RC:LBSMsg',
    ],
    [35, 'seller', { content: 'IyFBTVIKPJEXFr5meeHgAeev8AAAAIAAAAA=', duration: 6 }, 'RC:VcMsg'],
    [
      33,
      'seller',
      { name: '报价单-胡桃木床头灯.pdf', size: '48210', type: 'pdf', fileUrl: `${FILES}/q.pdf` },
      'RC:FileMsg',
    ],
    [30, 'member', '收到，已付款，订单号 20261120-0317', 'RC:TxtMsg', { msgUID: 'C3PA-LAMP-0004-PRTY' }],
    [29, 'seller', '谢谢林小姐，顺丰今晚揽收 🚚'],
    [12, 'member', { packageId: 'p1', stickerId: 's7', digest: '谢谢老板' }, 'RC:StkMsg'],
  ])
}

const price = chat('u5120', 'shop_12', [
  [30, 'seller', '补发一罐，另退运费 8 元', 'RC:TxtMsg', { msgUID: 'C3PA-LAMP-0005-PRTY' }],
  [29.5, 'seller', '补发一罐，另退运费 12 元', 'RC:TxtMsg', { originalMsgUID: 'C3PA-LAMP-0005-PRTY' }],
  [29.2, 'member', { lastMessageSendTime: 0, messageUID: 'C3PA-LAMP-0005-PRTY', type: 1 }, 'RC:ReadNtf'],
])

const tea = chat('u2048', 'shop_12', [
  [64, 'member', '老板，明前龙井怎么泡比较好？'],
  [63, 'seller', '水温 80 度左右，三克茶，头泡三十秒就好'],
  [9, 'member', '试了，果然清甜！再来两罐，寄到公司'],
])

function clothes(picture: Draw): Said[] {
  return chat('u3072', 'shop_31', [
    [80, 'member', '宝宝身高 92，外套穿多大？'],
    [78, 'seller', '建议 100 码，能穿两季哦'],
    [75, 'member', { content: picture('🧥👶'), imageUri: `${FILES}/coat.jpg` }, 'RC:ImgMsg'],
    [17, 'seller', '快递单号 SF1420 0317 2266，预计明天到'],
  ])
}

const studio = chat('u4096', 'shop_44', [
  [55, 'member', 'Hi! Do you ship the oak desk lamp to Norway?'],
  [52, 'seller', 'We do – five to seven days, and the plug fits.'],
  [24, 'member', 'Lovely, ordered the tall one 🙌'],
])
const returned = chat('u5120', 'shop_12', [
  [95, 'member', '快递到了，少了一罐'],
  [93, 'seller', '非常抱歉，马上给您补发！'],
  [31, 'seller', '已补发，快递单号 YT8840 2210，请留意查收'],
])
const call = chat('u6144', 'shop_7', [
  [120, 'member', '窗帘可以按尺寸定做吗？'],
  [
    58,
    'seller',
    {
      caller: 'shop_7',
      inviter: 'shop_7',
      mediaType: 1,
      memberIdList: [],
      startTime: 0,
      connectedTime: 4000,
      duration: 96_000,
      status: 3,
    },
    'RC:VCSummary',
  ],
  [48, 'member', '好的，按 2.4 米做，周六上门安装'],
])
const group = (
  [
    [70, 'shop_7', '各位掌柜，周五晚八点上新，记得备货'],
    [66, 'shop_12', '收到，礼盒已经到仓'],
    [21, 'shop_31', '快递周末也揽收吗？'],
    [20, 'shop_7', '照常揽收 👌'],
  ] as const
).map(([minutesAgo, from, content]): Said => ({
  minutesAgo,
  from,
  to: 'group_sellers',
  channelType: 'GROUP',
  objectName: 'RC:TxtMsg',
  content: { content, user: { id: from, name: NAMES[from] } },
}))

export function chats(picture: Draw): Said[] {
  const all = [lamp(picture), price, tea, clothes(picture), studio, returned, call, group].flat()
  return all.toSorted((one, other) => other.minutesAgo - one.minutesAgo)
}
