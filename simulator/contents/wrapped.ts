/** The app's own messages as the wrapper libraries for Flutter, React Native, Unity and uni-app send them (protocol §15.2). */
import type { Contents } from './content.ts'

export const wrappedContents: Contents = {
  'RC:IWNormalMsg': ({ facts, from }) => ({
    msgType: 'shop:OrderCard',
    msgFields: { order: facts.order, goods: facts.goods, price: facts.price },
    user: { id: from.userId, name: from.name, portraitUri: from.portrait },
  }),
  'RC:IWStorageMsg': ({ facts }) => ({
    msgType: 'shop:Browsed',
    msgFields: { goods: facts.goods, day: facts.day },
  }),
  'RC:IWCmdMsg': ({ random }) => ({ msgType: 'shop:Refresh', msgFields: { page: random.digits(1) } }),
  'RC:IWStatusMsg': () => ({ msgType: 'shop:Looking', msgFields: {} }),
}
