import type { z } from 'zod'
import { findMessageType, isReservedName } from './catalogue.ts'
import { isObject, parseJson } from './readable-text.ts'

const LONGEST_PROBLEM = 500
// Even the shortest issues fill the longest problem with fewer; content may have tens of thousands.
const MOST_ISSUES = 50

/**
 * Why `content`, as received, does not fit its type, or null. A reason to flag the row, never to refuse it
 * (protocol section 5.1). Apps' own types have a free format and always fit.
 *
 * `content is empty`, `content is not JSON`, `content is not a JSON object`, `unknown object name RC:Foo`, or
 * `content.imageUri: Invalid input: …; content.user.name: …`. It never quotes the content.
 */
export function findContentProblem(objectName: string, content: string): string | null {
  const type = findMessageType(objectName)
  if (type) return findProblemOf(type.schema, content)?.slice(0, LONGEST_PROBLEM) ?? null
  return isReservedName(objectName) ? `unknown object name ${objectName}`.slice(0, LONGEST_PROBLEM) : null
}

function findProblemOf(schema: z.ZodType, content: string): string | null {
  if (content === '') return 'content is empty'
  const value = parseJson(content)
  if (value === undefined) return 'content is not JSON'
  if (!isObject(value)) return 'content is not a JSON object'
  const parsed = schema.safeParse(value)
  return parsed.success ? null : parsed.error.issues.slice(0, MOST_ISSUES).map(describeIssue).join('; ')
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${['content', ...issue.path].join('.')}: ${issue.message}`
}
