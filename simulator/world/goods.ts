/** What is talked about: things one can buy, and the facts that stay the same throughout one conversation. */
import type { Random } from '../random.ts'
import type { Language } from './people.ts'

type Goods = { name: string; sizes: readonly string[]; colours: readonly string[]; yuan: number }

const GOODS: Record<Language, readonly Goods[]> = {
  zh: [
    {
      name: '加绒连帽卫衣',
      sizes: ['S', 'M', 'L', 'XL', '2XL'],
      colours: ['奶白', '雾霾蓝', '黑色'],
      yuan: 139,
    },
    {
      name: '高腰直筒牛仔裤',
      sizes: ['26', '27', '28', '29', '30'],
      colours: ['浅蓝', '深蓝', '烟灰'],
      yuan: 169,
    },
    {
      name: '儿童学步鞋',
      sizes: ['21码', '22码', '23码', '24码'],
      colours: ['粉色', '米色', '藏青'],
      yuan: 88,
    },
    {
      name: '316不锈钢保温杯',
      sizes: ['350ml', '500ml', '750ml'],
      colours: ['珍珠白', '薄荷绿', '枪灰'],
      yuan: 79,
    },
    { name: '明前龙井', sizes: ['50g', '100g', '250g'], colours: ['铁罐装', '礼盒装', '袋装'], yuan: 268 },
    { name: '烟台红富士苹果', sizes: ['5斤', '10斤'], colours: ['80果', '85果', '90果'], yuan: 49 },
    { name: '真无线蓝牙耳机', sizes: ['标准版', '降噪版'], colours: ['白色', '黑色', '紫色'], yuan: 299 },
    {
      name: '四件套床品',
      sizes: ['1.5米', '1.8米', '2.0米'],
      colours: ['豆沙粉', '燕麦色', '雾蓝'],
      yuan: 329,
    },
    {
      name: '麻辣牛肉干',
      sizes: ['100g', '250g', '500g'],
      colours: ['麻辣味', '五香味', '沙嗲味'],
      yuan: 36,
    },
    { name: '充电冲击钻', sizes: ['12V', '20V'], colours: ['单电', '双电', '裸机'], yuan: 219 },
  ],
  en: [
    { name: 'wool runner', sizes: ['40', '41', '42', '43'], colours: ['grey', 'navy', 'sand'], yuan: 590 },
    { name: 'oak desk lamp', sizes: ['small', 'tall'], colours: ['natural', 'walnut'], yuan: 320 },
    { name: 'linen shirt', sizes: ['S', 'M', 'L', 'XL'], colours: ['white', 'olive', 'sky blue'], yuan: 260 },
    { name: 'matcha set', sizes: ['30 g', '100 g'], colours: ['ceremonial', 'everyday'], yuan: 240 },
    {
      name: 'A5 dotted notebook',
      sizes: ['96 pages', '192 pages'],
      colours: ['red', 'forest', 'black'],
      yuan: 90,
    },
    { name: 'USB-C dock', sizes: ['6-in-1', '9-in-1'], colours: ['silver', 'space grey'], yuan: 410 },
  ],
}

const COURIERS = {
  zh: ['顺丰', '中通', '圆通', '韵达', '京东物流', '极兔', '邮政EMS'],
  en: ['DHL', 'SF Express', 'UPS', 'EMS'],
}
const CITIES = {
  zh: ['杭州', '广州', '成都', '义乌', '武汉', '佛山', '苏州', '西安'],
  en: ['Shenzhen', 'Hong Kong', 'Rotterdam', 'Leipzig'],
}
const ADDRESSES = {
  zh: [
    '浙江省杭州市西湖区文三路 478 号 3 幢 2 单元 601',
    '广东省佛山市南海区桂城街道海五路 12 号',
    '四川省成都市武侯区天府大道北段 1700 号 B 座',
    '北京市朝阳区望京街 9 号院 4 号楼 1203',
  ],
  en: [
    'Unit 5, 221B Baker St, London NW1 6XE',
    'Königstraße 12, 70173 Stuttgart',
    '18 Harbour Rd #07-02, Singapore 099253',
  ],
}
const RECEIVERS = { zh: ['林晓', '陈先生', '王女士', '赵一鸣'], en: ['G. Chen', 'J. O’Brien', 'Anaïs Roy'] }
const DAYS = {
  zh: ['今天', '明天', '后天', '周五', '周一', '15号'],
  en: ['today', 'tomorrow', 'on Friday', 'on Monday', 'by the 15th'],
}

export type Facts = ReturnType<typeof chooseFacts>

export function chooseFacts(random: Random, language: Language) {
  const goods = random.pick(GOODS[language])
  const [size = '', otherSize = ''] = random.shuffled(goods.sizes)
  const [colour = '', otherColour = ''] = random.shuffled(goods.colours)
  const price = goods.yuan - random.whole(0, 3) * 10 - random.pick([0, 0.1, 1])
  return {
    goods: goods.name,
    size,
    otherSize,
    colour,
    otherColour,
    price: price.toFixed(price % 1 === 0 ? 0 : 1),
    cut: String(random.whole(1, 6) * 5),
    count: String(random.whole(2, 12)),
    height: String(random.whole(150, 186)),
    weight: String(random.whole(86, 170)),
    order: random.digits(19),
    tracking: `${random.pick(['SF', 'YT', 'JT', 'JD'])}${random.digits(13)}`,
    courier: random.pick(COURIERS[language]),
    city: random.pick(CITIES[language]),
    address: random.pick(ADDRESSES[language]),
    receiver: random.pick(RECEIVERS[language]),
    taxNumber: `91330106MA2${random.pick(['B', 'G', 'H', 'K'])}${random.digits(6)}`,
    phone: `1${random.whole(30, 99)}****${random.digits(4)}`,
    day: random.pick(DAYS[language]),
    time: `${random.whole(9, 21)}:${random.pick(['00', '15', '30', '40'])}`,
  }
}
