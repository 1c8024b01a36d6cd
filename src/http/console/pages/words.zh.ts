/** 控制台各页面的中文文案；消息本身的文案在 `console/words.zh.ts`。 */
import type { PageWords } from './words.en.ts'

export const zhPages: PageWords = {
  product: '融云消息归档',
  skip: '跳到正文',
  navigation: '控制台',
  sections: { conversations: '会话', deliveries: '搁置的回调', accesses: '访问日志' },
  signOut: '退出登录',
  notFound: '未找到',
  failed: '操作未成功',
  toStart: '返回会话列表',
  nothing: '没有内容。',
  firstPage: '回到最新',
  nextPage: '更早',
  filter: '筛选',
  apply: '显示',
  any: '不限',

  signIn: {
    title: '登录',
    password: '密码',
    button: '登录',
    wrong: '密码不正确。',
    wait: '密码错误次数过多，请在 {seconds} 秒后重试。',
  },

  accesses: {
    title: '访问日志',
    about: '记录谁看到了什么。先写入日志，再显示内容。',
    time: '时间',
    session: '登录会话',
    address: '地址',
    action: '操作',
    subject: '编号',
    detail: '请求内容',
  },
  actions: {
    sign_in: '登录',
    sign_out: '退出登录',
    conversations: '会话列表',
    conversation: '会话',
    message: '消息及其变更',
    voice: '语音',
    content: '完整内容',
    deliveries: '搁置回调列表',
    delivery: '搁置的回调',
    replay: '重放',
    accesses: '访问日志',
  },
}
