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
            'HS256 with MEMBER_TOKEN_SECRET, claims memberId (integer) and exp: that member’s own records.',
        },
      },
    },
  })
}

function operationOf({
  summary,
  description,
  tag,
  access,
  pathParameters,
  query,
  body,
  answer,
  errorShape,
}: Endpoint) {
  const operation = {
    summary,
    description: [description, scopeNote(access)].filter(Boolean).join('\n\n'),
    tags: [tag],
    security: securityOf(access),
    requestParams: { ...(pathParameters && { path: pathParameters }), ...(query && { query }) },
    ...(body && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: body },
          'application/x-www-form-urlencoded': { schema: body },
        },
      },
    }),
    responses: {
      200: {
        description: answer.description,
        content: {
          [answer.contentType ?? 'application/json']: answer.schema ? { schema: answer.schema } : {},
        },
      },
      ...errorsOf(access, Boolean(query ?? body), errorShape === 'result'),
    },
  }
  return operation as ZodOpenApiOperationObject
}

function errorsOf(access: Access, validates: boolean, asResult: boolean) {
  const content = (schema: z.ZodType) => ({
    content: { 'application/json': { schema: asResult ? ResultError : schema } },
  })
  return {
    ...(access !== 'public' && { 401: { description: 'Nobody we know.', ...content(StandardError) } }),
    ...(typeof access === 'object' && {
      403: { description: 'Not allowed to do this.', ...content(StandardError) },
    }),
    ...(validates && {
      422: { description: 'Parameters that are wrong, each named.', ...content(FieldErrors) },
    }),
    503: { description: 'Cannot be done now; see Retry-After.', ...content(StandardError) },
  }
}

function scopeNote(access: Access): string {
  return typeof access === 'object' ? `Needs an API key with scope \`${access.scope}\`.` : ''
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (typeof access === 'string') return []
  return [{ apiKey: [] }, ...(access.orMember ? [{ memberToken: [] }] : [])]
}
