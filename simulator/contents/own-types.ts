/** The app's own types: free format, so here is also what no JSON parser gives back as it was. */
import type { Context } from './content.ts'

export const ownContents: Readonly<Record<string, (context: Context) => string>> = {
  // A number beyond what doubles hold, an amount with a zero at its end, blanks, a key that comes twice.
  'shop:Order': ({ facts }) =>
    `{"orderId":${facts.order}, "amount":${Number(facts.price).toFixed(2)}, "goods":"${facts.goods}", "tag":"a", "tag":"b"}`,
  'shop:Goods': ({ facts, random }) =>
    JSON.stringify({
      id: random.digits(8),
      title: facts.goods,
      price: facts.price,
      sku: [facts.colour, facts.size],
    }),
  'shop:Coupon': ({ facts }) => JSON.stringify({ title: `满减券 ¥${facts.cut}`, expires: facts.day }),
  // Not JSON at all.
  'shop:Logistics': ({ facts }) => `${facts.tracking}|${facts.courier}|运输中|${facts.city} 100% & more=1+1`,
  'app:Poke': () => '',
}
