/**
 * Pictures, sound, video and files (protocol §5.3). Only what lies in the message itself is shown; the file elsewhere is
 * behind a link, so that nobody's server learns that an operator looked.
 */
import { memberOf, stringAt } from '../../../rongcloud/message-types/readable-text.ts'
import { html, type Html, type Piece } from '../html.ts'
import { fill, typeName } from '../words.ts'
import { isBase64, voicePath } from './downloads.ts'
import { httpUrl, link } from './links.ts'
import { longText } from './long-text.ts'
import { aside, card, pieces, title } from './parts.ts'
import type { Context, Renderer, Renderers } from './renderer.ts'
import { plain, shown } from './showable.ts'
import { durationOf, sizeOf } from './units.ts'
import { numberAt } from './values.ts'

/** @param base64 as the message has it: a JPEG without any prefix */
export function thumbnail(base64: string | null, { words, objectName }: Context): Html {
  if (base64 === null || !isBase64(base64))
    return html`<span class="no-preview">${words.content.noPreview}</span>`
  const data = base64.replaceAll(/[\r\n]/g, '')
  const name = plain(typeName(words, objectName))
  return html`<img class="thumbnail" src="data:image/jpeg;base64,${data}" alt="${name}" />`
}

const image: Renderer = (content, context) => {
  const [address, preview] = [stringAt(content, 'imageUri'), stringAt(content, 'content')]
  if (address === null && preview === null) return null
  const original = address && link(address, context.words.content.openOriginal)
  return card('picture', [thumbnail(preview, context), nameOf(content), original])
}

const gif: Renderer = (content, context) => {
  const address = stringAt(content, 'remoteUrl')
  if (address === null) return null
  const [width, height] = [numberAt(content, 'width'), numberAt(content, 'height')]
  const dimensions = width === null || height === null ? null : aside(`${width} × ${height}`)
  return card('picture', [
    typeLine(context, sizeIn(content, 'gifDataSize', context), dimensions),
    nameOf(content),
    link(address, context.words.content.openOriginal),
  ])
}

const voice: Renderer = (content, context) => {
  const base64 = stringAt(content, 'content')
  if (base64 === null) return null
  const { id, words } = context
  const hasFile = id !== null && isBase64(base64)
  const download = hasFile ? html`<a href="${voicePath(id)}">${words.content.downloadVoice}</a>` : null
  return card('sound', [
    typeLine(context, durationIn(content, context)),
    download,
    transcript(content, context),
  ])
}

const highQualityVoice: Renderer = (content, context) => {
  const address = stringAt(content, 'remoteUrl')
  if (address === null) return null
  return card('sound', [
    typeLine(context, durationIn(content, context)),
    player(address, context),
    link(address, context.words.content.listen),
    transcript(content, context),
  ])
}

// Nothing is asked of its host before somebody presses the button. A page that is saved asks nobody.
function player(address: string, { id, words }: Context): Html | null {
  const url = id === null ? null : httpUrl(address)
  return (
    url &&
    html`<audio controls preload="none" src="${url.href}" aria-label="${words.content.listen}"></audio>`
  )
}

const video: Renderer = (content, context) => {
  const [address, poster] = [stringAt(content, 'sightUrl'), stringAt(content, 'content')]
  if (address === null && poster === null) return null
  return card('video', [
    thumbnail(poster, context),
    typeLine(context, durationIn(content, context), sizeIn(content, 'size', context)),
    nameOf(content),
    address && link(address, context.words.content.openVideo),
  ])
}

const file: Renderer = (content, context) => {
  const [name, address] = [stringAt(content, 'name'), stringAt(content, 'fileUrl')]
  if (name === null && address === null) return null
  const type = stringAt(content, 'type') ?? stringAt(content, 'fileType')
  return card('file', [
    name && title(name),
    typeLine(context, type && aside(shown(type)), sizeIn(content, 'size', context)),
    address && link(address, context.words.content.openFile),
  ])
}

function typeLine({ words, objectName }: Context, ...more: readonly Piece[]): Html {
  const present = more.filter((piece) => piece !== null)
  return pieces(
    typeName(words, objectName),
    present.map((piece) => [' ', piece]),
  )
}

function nameOf(content: unknown): Html | null {
  const name = stringAt(content, 'name')
  return name === null ? null : aside(shown(name))
}

function durationIn(content: unknown, { words }: Context): Html | null {
  const seconds = numberAt(content, 'duration')
  return seconds === null ? null : html`<span class="duration">${durationOf(seconds, words)}</span>`
}

function sizeIn(content: unknown, name: string, { words }: Context): Html | null {
  const bytes = numberAt(content, name)
  return bytes === null || bytes < 0 ? null : html`<span class="size">${sizeOf(bytes, words)}</span>`
}

function transcript(content: unknown, context: Context): Html | null {
  const text = stringAt(memberOf(content, 'sttInfo'), 'text')
  return text === null
    ? null
    : html`<div>${fill(context.words.content.transcript, { text: longText(text, context) })}</div>`
}

export const mediaRenderers: Renderers = {
  'RC:ImgMsg': image,
  'RC:GIFMsg': gif,
  'RC:VcMsg': voice,
  'RC:HQVCMsg': highQualityVoice,
  'RC:SightMsg': video,
  'RC:FileMsg': file,
}
