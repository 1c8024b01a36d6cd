/**
 * Who is the member and who the seller of each conversation, told once more by the templates of now: those that began
 * under other templates, or under a program that knew fewer ids, keep what they were given then.
 */
import { listOneToOne, sideStatements, type OneToOne } from '../archive/sides.ts'
import type { Store } from '../archive/store.ts'
import { pairOfConversation, type Pair, type PartyTemplates } from '../domain/parties.ts'
import { isListedByDefault, KNOWN_OBJECT_NAMES } from '../rongcloud/message-types/index.ts'

// Some 20 ms of the thread that writes.
const AT_ONCE = 200

const ON_REQUEST = KNOWN_OBJECT_NAMES.filter((objectName) => !isListedByDefault(objectName))

/**
 * Gives the number of conversations that had another pair, or none. Repeating it is harmless.
 * @param appKeys the apps that the templates are of
 * @param step so many more conversations were looked at
 */
export async function rederiveSides(
  store: Store,
  { templates, appKeys }: { templates: PartyTemplates; appKeys: readonly string[] },
  step: (conversations: number) => void = () => undefined,
): Promise<number> {
  let mended = 0
  for (let afterId = 0; ;) {
    const found = await listOneToOne(store, { afterId, limit: AT_ONCE })
    const wrong = found
      .filter(({ appKey }) => appKeys.includes(appKey))
      .map((each) => ({ each, pair: pairOfConversation(templates, each) }))
      .filter(({ each, pair }) => !isPairOf(each, pair))
    if (wrong.length > 0)
      await store.atomically(wrong.flatMap(({ each, pair }) => sideStatements(each, pair, ON_REQUEST)))
    mended += wrong.length
    step(found.length)
    if (found.length < AT_ONCE) return mended
    afterId = found.at(-1)?.id ?? afterId
  }
}

function isPairOf({ memberId, sellerId }: OneToOne, pair: Pair | null): boolean {
  return memberId === (pair?.memberId ?? null) && sellerId === (pair?.sellerId ?? null)
}
