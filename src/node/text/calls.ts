/** Questions from one thread to another, each answered once: errors travel as plain data and become errors again. */
import { ArchiveError, factsOf, type ErrorCode, type FieldError } from '../../domain/errors.ts'

export type Call<Question> = { id: number; question: Question }
export type Answer = { id: number; value: unknown } | { id: number; failure: Failure }

/** `code` null: nothing that was expected. `facts`: what a log says of its cause. */
type Failure = {
  code: ErrorCode | null
  message: string
  fields: readonly FieldError[]
  facts: { reason: string; stack?: string | undefined }
}

type Waiting = { resolve: (value: unknown) => void; reject: (error: unknown) => void }

/** The side that asks. */
export function createCalls<Question>(send: (call: Call<Question>) => void) {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended: ArchiveError | undefined
  return {
    ask: <Value>(question: Question): Promise<Value> =>
      new Promise<unknown>((resolve, reject) => {
        if (ended) return reject(ended)
        waiting.set(++lastId, { resolve, reject })
        send({ id: lastId, question })
      }) as Promise<Value>,
    settle: (answer: Answer) => {
      const caller = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('failure' in answer) caller?.reject(errorOf(answer.failure))
      else caller?.resolve(answer.value)
    },
    /** Nothing will be answered any more. */
    end: (reason: ArchiveError) => {
      ended = reason
      for (const { reject } of waiting.values()) reject(reason)
      waiting.clear()
    },
  }
}

/** The side that answers. */
export async function answerTo<Question>(
  { id, question }: Call<Question>,
  answer: (question: Question) => Promise<unknown>,
): Promise<Answer> {
  try {
    return { id, value: await answer(question) }
  } catch (error) {
    return { id, failure: failureOf(error) }
  }
}

function failureOf(error: unknown): Failure {
  const { code, message, fields } = expectedIn(error) ?? { code: null, message: String(error), fields: [] }
  return { code, message, fields, facts: factsOf(error) as Failure['facts'] }
}

// The database's proxy wraps what it is given.
function expectedIn(error: unknown): ArchiveError | null {
  if (error instanceof ArchiveError) return error
  return error instanceof Error ? expectedIn(error.cause) : null
}

function errorOf({ code, message, fields, facts }: Failure): Error {
  const cause = Object.assign(new Error(facts.reason), { stack: facts.stack })
  return code === null ? cause : new ArchiveError(code, message, { fields, cause })
}
