/** What is said in groups and rooms, where everybody talks at once. */
import type { Language } from '../world/people.ts'

export const GROUP_LINES: Record<Language, readonly string[]> = {
  zh: [
    '有人收到货了吗？',
    '我的到了，比图片好看😍',
    '求拼单，差一件满减',
    '+1',
    '群主什么时候上新呀',
    '今晚{time}准时开抢，大家定好闹钟⏰',
    '{goods}还有 {count} 份，要的接龙',
    '1. 小鱼儿 {size}\n2. 团团 {otherSize}\n3. ',
    '这个颜色显白吗',
    '显白！闭眼入',
    '哈哈哈哈哈哈',
    '刚刚手快抢到了～',
    '没抢到，还补货吗😭',
    '{courier}今天停运，大家的包裹可能晚一天',
    '收到',
    '谢谢群主🌹',
  ],
  en: [
    'Has anyone got theirs yet?',
    'Mine came today, love it',
    'Restock is {day} at {time}',
    '+1',
    'which size did you take?',
    'lol same',
    'The {colour} one is gorgeous',
    'Only {count} left, be quick',
  ],
}

export const MENTION_LINES: Record<Language, readonly string[]> = {
  zh: [
    '@{name} 您的{goods}已经发出了，单号 {tracking}',
    '@{name} 麻烦私信一下手机号',
    '@{name} 哈哈你也买了',
  ],
  en: ['@{name} yours is on its way: {tracking}', '@{name} could you send me your order number?'],
}

export const MENTION_ALL_LINES: Record<Language, readonly string[]> = {
  zh: ['@所有人 今晚{time}直播间见，{goods}只要{price}！', '@所有人 {day}起统一发货，地址有变的私聊客服'],
  en: ['@All we are live tonight at {time}: {goods} for ¥{price}!', '@All orders ship {day}'],
}

export const LIVE_LINES: Record<Language, readonly string[]> = {
  zh: [
    '来了来了',
    '主播好',
    '多少钱',
    '{size}有吗',
    '666',
    '已拍',
    '求上链接',
    '再送一个呗',
    '主播讲讲 3 号链接',
    '👏👏👏',
    '刚进来，错过什么了',
    '手慢无',
  ],
  en: ['hi from Berlin', 'price?', 'just ordered', 'link please', '🔥🔥🔥', 'does it come in {size}?'],
}

export const ROBOT_LINES: Record<Language, readonly string[]> = {
  zh: [
    '您好，我是智能客服小融。为您查到订单 {order}：**{goods}**，{courier}运输中，预计{day}送达。',
    '关于退换货：\n1. 签收 7 天内可申请\n2. 吊牌完好\n3. 运费险覆盖首次退货',
  ],
  en: [
    'Order {order}: **{goods}** is with {courier}, due {day}.',
    'Returns:\n1. within 30 days\n2. unworn\n3. free of charge',
  ],
}

export const DESK_LINES = {
  visitor: ['你好，我要人工', '账号登不上去了', '优惠券用不了', '提现多久到账？', '好的', '还是不行', '谢谢'],
  agent: [
    '您好，工号 1024 为您服务',
    '请问是哪个账号呢？',
    '这边帮您看一下，请稍等',
    '已经为您处理好了，请重新登录试试',
    '还有其他可以帮您的吗？',
  ],
} as const

/** Said after a message was taken back, or to change one. */
export const CORRECTIONS: Record<Language, readonly string[]> = {
  zh: ['发错了，不好意思', '上一条打错字了，是{size}，不是{otherSize}', '更正：{day} {time}'],
  en: ['sorry, wrong chat', 'I meant {size}, not {otherSize}', 'Correction: {day} at {time}'],
}

export const EMOJI = [
  '😊',
  '👍',
  '🙏',
  '😂',
  '❤️',
  '🎉',
  '👨‍👩‍👧',
  '[微笑]',
  '[强]',
  '～',
  '!',
  '。。。',
] as const
