// What this folder says about one object name; the other files are lists of such declarations.
import type { z } from 'zod'

/**
 * Sections 5.3 to 5.7 of the protocol: user content, grey bar notices, signalling, online-only status, the retired
 * customer service and calls.
 */
export type MessageCategory = 'content' | 'notification' | 'signal' | 'status' | 'customer-service' | 'call'

/** Text of a message inside a message; null when it has none or lies too deep. Content as object or as JSON text. */
type NestedText = (objectName: unknown, content: unknown) => string | null

/** Is handed whatever was parsed, fitting or not, and never throws. */
export type TextFunction = (content: unknown, nestedText: NestedText) => string | null

export type MessageType = {
  readonly objectName: string
  readonly category: MessageCategory
  /** Of the parsed content object. Members it does not name are welcome and kept. */
  readonly schema: z.ZodType
  /** What a person would read or search for; null when there is nothing, as for an image without a name. */
  readonly text: TextFunction
}

/** Begins a family: gives the function that declares its members. */
export function typesOf(category: MessageCategory) {
  return (objectName: string, schema: z.ZodType, text: TextFunction = noText): MessageType => ({
    objectName,
    category,
    schema,
    text,
  })
}

const noText: TextFunction = () => null
