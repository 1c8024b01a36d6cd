// Protocol section 5.3: images, sound, video and files. `content` of these is base64 and never shown as text.
import { z } from 'zod'
import { typesOf } from './message-type.ts'
import type { MessageType, TextFunction } from './message-type.ts'
import { joinLines, linesAt, memberOf, stringAt } from './readable-text.ts'
import { contentObject, maybeNumeric, maybeString, numeric } from './shared.ts'

const type = typesOf('content')

const image = contentObject({
  content: z.string(),
  imageUri: z.string(),
  thumbUri: maybeString,
  thumWidth: maybeNumeric,
  thumHeight: maybeNumeric,
  localPath: maybeString,
})

const gif = contentObject({
  gifDataSize: numeric,
  remoteUrl: z.string(),
  width: numeric,
  height: numeric,
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
  sampleRate: maybeNumeric,
  numberOfChannels: maybeNumeric,
})

// The Java SDK leaves out `type`, the documents `name`, the Flutter SDK name and size of a video (protocol section 15.3).
const file = contentObject({
  name: maybeString,
  size: numeric,
  type: maybeString,
  fileUrl: z.string(),
  localPath: maybeString,
})

const shortVideo = contentObject({
  sightUrl: z.string(),
  content: z.string(),
  duration: numeric,
  size: maybeNumeric,
  name: maybeString,
  localPath: maybeString,
})

const voiceText: TextFunction = (content) =>
  joinLines([stringAt(memberOf(content, 'sttInfo'), 'text'), stringAt(content, 'name')])

export const mediaTypes: readonly MessageType[] = [
  type('RC:ImgMsg', image, linesAt('name')),
  type('RC:GIFMsg', gif, linesAt('name')),
  type('RC:VcMsg', voice, voiceText),
  type('RC:HQVCMsg', highQualityVoice, voiceText),
  type('RC:FileMsg', file, linesAt('name')),
  type('RC:SightMsg', shortVideo, linesAt('name')),
]
