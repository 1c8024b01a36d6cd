/** `/openapi.json`, made from the declarations that also validate and guard. */
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import type { Access, Endpoint } from '../endpoint.ts'

const StandardError = z
  .object({ name: z.string(), message: z.string(), code: z.int(), status: z.int() })
  .meta({ id: 'Error' })
const FieldErrors = z.array(z.object({ field: z.string(), message: z.string() })).meta({ id: 'FieldErrors' })
const ResultError = z
  .object({ result: z.literal('error'), message: z.string(), errors: FieldErrors.optional() })
  .meta({ id: 'ResultError' })

export function openApiDocument(endpoints: readonly Endpoint[]): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const endpoint of endpoints) {
    // Hono writes :id, OpenAPI {id}.
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'RongCloud archive',
      version: '1',
      description: 'The archive of record for RongCloud apps: callbacks in, questions answered.',
    },
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of API_KEYS; the operation names the scope it needs.',
        },
        memberToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'HS256 with MEMBER_TOKEN_SECRET, claims memberId (integer, or its digits as a string), exp (at most 366 days ahead), and ' +
            'appKey (needed where there are several apps): that member’s own records.',
        },
      },
    },
  })
}

function operationOf(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { summary, description, tag, access, pathParameters, query, body, answer } = endpoint
  return {
    summary,
    description: [description, scopeNote(access)].filter(Boolean).join('\n\n'),
    tags: [tag],
    security: securityOf(access),
    requestParams: {
      ...(pathParameters && { path: asObject(pathParameters) }),
      ...(query && { query: asObject(query) }),
    },
    ...(body && { requestBody: { required: true, content: bodyContent(body) } }),
    responses: {
      200: {
        description: answer.description,
        content: {
          [answer.contentType ?? 'application/json']: answer.schema ? { schema: answer.schema } : {},
        },
      },
      ...errorsOf(endpoint),
    },
  }
}

// What travels as parameters is an object of them; the type of an endpoint says less.
function asObject(schema: z.ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema
  throw new Error('parameters are declared as an object')
}

// A list has no form to travel in.
function bodyContent(body: z.ZodType) {
  const asForm = { 'application/x-www-form-urlencoded': { schema: body } }
  return { 'application/json': { schema: body }, ...(body instanceof z.ZodObject && asForm) }
}

function errorsOf({ access, pathParameters, query, body, errorShape }: Endpoint) {
  const signed = access === 'rongcloud'
  const guarded = typeof access === 'object'
  const answer = (description: string, schema: z.ZodType) => ({
    description,
    content: { 'application/json': { schema: errorShape === 'result' ? ResultError : schema } },
  })
  return {
    ...((signed || guarded) && {
      401: answer('Nobody we know.', StandardError),
      403: answer('Not allowed to do this.', StandardError),
    }),
    ...((pathParameters ?? errorShape) && { 404: answer('There is no such thing.', StandardError) }),
    ...((signed || body) && { 413: answer('A body over 1 MiB.', StandardError) }),
    ...((pathParameters ?? query ?? body) && { 422: answer('Wrong parameters, each named.', FieldErrors) }),
    ...(guarded && { 429: answer('Too many requests; see Retry-After.', StandardError) }),
    500: answer('Something went wrong here.', StandardError),
    503: answer('Cannot be done now; see Retry-After.', StandardError),
  }
}

function scopeNote(access: Access): string {
  if (access === 'rongcloud') return 'Signed by RongCloud, in the query or the headers.'
  return typeof access === 'object' ? `Needs an API key with scope \`${access.scope}\`.` : ''
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (typeof access === 'string') return []
  return [{ apiKey: [] }, ...(access.orMember ? [{ memberToken: [] }] : [])]
}
