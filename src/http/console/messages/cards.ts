/** Cards (protocol §5.3): links with a picture, places, people, stickers, articles. */
import { isObject, listAt, memberOf, stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import type { Html } from '../html.ts'
import { fill } from '../words.ts'
import { anchor, link } from './links.ts'
import { longText } from './long-text.ts'
import { thumbnail } from './media.ts'
import { aside, card, person, pieces, sentence, title } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { shown } from './showable.ts'
import { idAt, numberAt } from './values.ts'

const imageText: Renderer = (content, context) => articleCard(content, context, ['content', 'imageUri'])

function articleCard(
  content: unknown,
  context: Context,
  [text, picture]: readonly [string, string],
): Html | null {
  const { words } = context
  const [heading, summary, address] = [
    stringAt(content, 'title'),
    stringAt(content, text),
    stringAt(content, 'url'),
  ]
  if (heading === null && summary === null && address === null) return null
  const image = stringAt(content, picture)
  return card('article', [
    heading && title(heading),
    summary && longText(summary, context),
    address && link(address, words.content.openLink),
    image && link(image, words.content.openPicture),
  ])
}

const MOST_ARTICLES = 20

const articles: Renderer = (content, context) => {
  const single = memberOf(content, 'richContentMessage')
  const all = [
    ...(isObject(single) ? [single] : []),
    ...listAt(content, 'richContentMessage'),
    ...listAt(content, 'richContentMessages'),
    ...listAt(content, 'articles'),
  ]
  const cards = all
    .slice(0, MOST_ARTICLES)
    .map((each) => articleCard(each, context, ['digest', 'picurl']))
    .filter((each) => each !== null)
  const more = all.length - MOST_ARTICLES
  if (cards.length === 0) return null
  return pieces(cards, more > 0 ? aside(fill(context.words.content.more, { count: more })) : null)
}

const location: Renderer = (content, context) => {
  const [latitude, longitude] = [numberAt(content, 'latitude'), numberAt(content, 'longitude')]
  if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return null
  const place = stringAt(content, 'poi')
  return card('place', [
    thumbnail(stringAt(content, 'content'), context),
    place && title(place),
    aside(`${latitude}, ${longitude}`),
    mapLinks(latitude, longitude, place, context),
  ])
}

// Clients in China send what their map says (GCJ-02), which OpenStreetMap shows some hundred metres off.
function mapLinks(latitude: number, longitude: number, place: string | null, { words }: Context): Html {
  const amap = new URL('https://uri.amap.com/marker')
  amap.search = new URLSearchParams({ position: `${longitude},${latitude}`, name: place ?? '' }).toString()
  const open = new URL('https://www.openstreetmap.org/')
  open.search = new URLSearchParams({ mlat: String(latitude), mlon: String(longitude) }).toString()
  open.hash = `map=16/${latitude}/${longitude}`
  return pieces(anchor(amap, words.content.onAmap), ' ', anchor(open, words.content.onOpenStreetMap))
}

const contact: Renderer = (content, context) => {
  const { words } = context
  const [name, id] = [stringAt(content, 'name'), idAt(content, 'userId')]
  if (name === null && id === null) return null
  const byId = idAt(content, 'sendUserId')
  const by = stringAt(content, 'sendUserName') ?? (byId && person(byId, context))
  const portrait = stringAt(content, 'portraitUri')
  return card('contact', [
    sentence(words.content.contact, { user: name ?? id ?? '' }),
    name !== null && id !== null ? aside(shown(id)) : null,
    by && aside(sentence(words.content.sharedBy, { user: by })),
    portrait && link(portrait, words.content.openPicture),
  ])
}

const sticker: Renderer = (content, { words }) => {
  const [digest, id, packageId] = ['digest', 'stickerId', 'packageId'].map((name) => idAt(content, name))
  if (!digest && !id) return null
  return card('sticker', [
    digest ? title(digest) : null,
    aside(sentence(words.content.sticker, { sticker: id ?? '', package: packageId ?? '' })),
  ])
}

export const cardRenderers: Renderers = {
  'RC:ImgTextMsg': imageText,
  'RC:PSImgTxtMsg': articles,
  'RC:PSMultiImgTxtMsg': articles,
  'RC:LBSMsg': location,
  'RC:CardMsg': contact,
  'RC:StkMsg': sticker,
}
