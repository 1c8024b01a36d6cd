// Protocol section 5.3: images, sound, video and files. `content` of these is base64 and never shown as text.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType, TextFunction } from './message-type.ts'
import { isObject, joinLines, linesAt, memberOf, stringAt } from './readable-text.ts'
import { contentObject, maybeNumber, maybeString, numeric } from './shared.ts'

const type = typesOf('content')

const image = contentObject({
  content: z.string(),
  imageUri: z.string(),
  thumbUri: maybeString,
  thumWidth: maybeNumber,
  thumHeight: maybeNumber,
  localPath: maybeString,
})

const gif = contentObject({
  gifDataSize: z.int(),
  remoteUrl: z.string(),
  width: z.number(),
  height: z.number(),
  name: maybeString,
  localPath: maybeString,
})

const voice = contentObject({ content: z.string(), duration: numeric })

const highQualityVoice = contentObject({
  remoteUrl: z.string(),
  duration: numeric,
  name: maybeString,
  localPath: maybeString,
  type: maybeString,
  format: maybeString,
  sampleRate: maybeNumber,
  numberOfChannels: maybeNumber,
})

const file = contentObject({
  name: z.string(),
  size: numeric,
  type: z.string(),
  fileUrl: z.string(),
  localPath: maybeString,
})

const shortVideo = contentObject({
  sightUrl: z.string(),
  content: z.string(),
  duration: numeric,
  size: numeric,
  name: z.string(),
  localPath: maybeString,
})

/** The Java SDK calls the member `fileType`. */
function withType(content: unknown): unknown {
  return isObject(content) ? { ...content, type: content.type ?? content.fileType } : content
}

const voiceText: TextFunction = (content) =>
  joinLines([stringAt(memberOf(content, 'sttInfo'), 'text'), stringAt(content, 'name')])

export const mediaTypes: readonly MessageType[] = [
  type('RC:ImgMsg', image, linesAt('name')),
  type('RC:GIFMsg', gif, linesAt('name')),
  type('RC:VcMsg', voice, voiceText),
  type('RC:HQVCMsg', highQualityVoice, voiceText),
  type('RC:FileMsg', z.preprocess(withType, file), linesAt('name')),
  type('RC:SightMsg', shortVideo, linesAt('name')),
]
