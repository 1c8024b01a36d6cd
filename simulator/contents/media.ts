/** Images, sound, video, files (protocol §5.3). The files themselves are elsewhere: only addresses are sent. */
import { thumbnail, voice } from './bytes.ts'
import { FILES, IMAGES, type Contents } from './content.ts'

const FILE_NAMES = [
  ['报价单 (2).xlsx', 'xlsx'],
  ['电子发票.pdf', 'pdf'],
  ['退货面单+地址.pdf', 'pdf'],
  ['invoice #2024.pdf', 'pdf'],
  ['尺码表.docx', 'docx'],
  ['产品图.zip', 'zip'],
] as const

export const mediaContents: Contents = {
  'RC:ImgMsg': ({ random }) => ({
    content: thumbnail(random),
    imageUri: `${IMAGES}/${random.digits(18)}.jpg?e=1830000000&token=rc%3A${random.digits(10)}`,
    thumWidth: 240,
    thumHeight: random.pick([135, 180, 240, 320]),
    extra: '',
  }),
  'RC:GIFMsg': ({ random }) => ({
    gifDataSize: random.whole(8000, 900_000),
    remoteUrl: `${IMAGES}/${random.digits(18)}.gif`,
    width: 240,
    height: 240,
    name: `${random.digits(6)}.gif`,
  }),
  'RC:VcMsg': ({ random }) => {
    const duration = random.whole(1, 16)
    return { content: voice(random, duration), duration, extra: '' }
  },
  'RC:HQVCMsg': ({ random, facts }) => {
    const name = `hq_voice_${random.digits(8)}.aac`
    const sttInfo = { status: 2, text: `${facts.goods} ${facts.size}` }
    const remote = { remoteUrl: `${FILES}/${name}`, duration: random.whole(1, 60), name, type: 'aac' }
    return { localPath: '', ...remote, ...(random.chance(0.3) && { sttInfo }) }
  },
  'RC:FileMsg': ({ random }) => {
    const [name, type] = random.pick(FILE_NAMES)
    const bytes = random.whole(4000, 8_000_000)
    // The documents say String, the SDKs write a Number (protocol §12).
    return {
      name,
      size: random.chance(0.2) ? String(bytes) : bytes,
      type,
      fileUrl: `${FILES}/${random.digits(16)}`,
    }
  },
  'RC:SightMsg': ({ random }) => ({
    sightUrl: `${FILES}/${random.digits(16)}.mp4`,
    content: thumbnail(random),
    duration: random.whole(2, 15),
    size: random.whole(300_000, 9_000_000),
    name: `video_${random.digits(8)}.mp4`,
  }),
}
