/** An answer that is made as it is taken. */
import type { InTurn } from './turns.ts'

/** Reads on only when the client has taken what there was. */
export function streamOf(
  parts: AsyncGenerator<string>,
  { inTurn, onError }: { inTurn: InTurn; onError: (error: unknown) => void },
): ReadableStream {
  const encoder = new TextEncoder()
  let isLeft = false
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          const { value, done } = await inTurn(() => parts.next())
          if (isLeft) return
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          onError(error)
          // Without its end the client sees that it is cut. A server prints what a stream failed with as it is.
          controller.error(new Error('the answer broke off'))
        }
      },
      cancel: async () => {
        isLeft = true
        await parts.return(undefined)
      },
    },
    { highWaterMark: 1 },
  )
}
