/** What may follow any message: it is read, quoted, liked, or taken back. */
import { isOneToOne } from '../../src/domain/channel-type.ts'
import { CORRECTIONS } from '../dialogue/lines.ts'
import type { Scene, SimulatedMessage } from '../message.ts'
import { someone } from '../world/world.ts'
import { says, sends, type Stage } from './stage.ts'

export function* aftermath(stage: Stage, sent: SimulatedMessage): Scene {
  const { random, place } = stage
  const { author } = sent
  const other = someone(random, place, author)
  const follows = random.weighted([
    [915, 'nothing'],
    [30, 'receipt'],
    [25, 'quote'],
    [15, 'recall'],
    [15, 'expansion'],
  ] as const)
  const receipt = isOneToOne(place.channelType) ? 'RC:ReadNtf' : 'RC:RRRspMsg'
  if (follows === 'receipt') yield sends(stage, other, receipt, sent)
  if (follows === 'quote') yield sends(stage, other, 'RC:ReferenceMsg', sent)
  if (follows === 'expansion') yield sends(stage, other, 'RC:MsgExMsg', sent)
  if (follows === 'recall') {
    yield sends(stage, author, 'RC:RcCmd', sent)
    yield says(stage, author, random.pick(CORRECTIONS[author.language]))
  }
}
