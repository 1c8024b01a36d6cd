/** Callbacks over HTTP, for as long as it takes. */
import { APP } from '../../support/archive.ts'
import { messageFields, signedQuery } from '../../support/requests.ts'

/** Sends messages in so many lanes, in each one after the other, until told to stop; says what became of them. */
export function startTraffic(url: string, lanes: number) {
  const acknowledged: string[] = []
  const refused: string[] = []
  const over = new AbortController()
  const sendAll = async (lane: number) => {
    for (let n = 0; !over.signal.aborted; n++) {
      const msgUID = `${lane}-${n}`
      const answer = await fetch(`${url}/callbacks/messages?${await signedQuery(APP)}`, {
        method: 'POST',
        body: new URLSearchParams(messageFields({ msgUID })),
      }).catch(() => null)
      if (answer?.status === 200) acknowledged.push(msgUID)
      else refused.push(`${msgUID} ${answer?.status} ${await answer?.text()}`)
    }
  }
  const done = Promise.all(Array.from({ length: lanes }, (_, lane) => sendAll(lane)))
  return {
    acknowledged,
    refused,
    stop: () => {
      over.abort()
      return done
    },
  }
}
