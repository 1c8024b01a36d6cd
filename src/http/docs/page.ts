/** `/docs`: Swagger UI over `/openapi.json`, every byte of it served from here. */
import { html } from 'hono/html'
import { answerAsset } from '../assets.ts'
import type { Deps } from '../deps.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { z } from 'zod'
import { openApiDocument } from './openapi.ts'

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']
const DAY_SECONDS = 24 * 3600

const START = `window.addEventListener('load', () => SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#docs', deepLinking: true, persistAuthorization: false, validatorUrl: null,
}))`

// Swagger UI sets styles on its elements; scripts come from files alone.
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const about = { method: 'GET', tag: 'docs', access: 'public' } as const

/** @param described the endpoints of the document, besides these */
export function docsEndpoints({ asset }: Deps, described: readonly Endpoint[]): Endpoint[] {
  const own: Endpoint[] = [
    endpoint({
      ...about,
      path: '/openapi.json',
      summary: 'This description, as OpenAPI 3.1',
      answer: { description: 'The document.' },
      handle: ({ c }) => c.json(document),
    }),
    endpoint({
      ...about,
      path: '/docs',
      summary: 'This description, to read and to try out',
      answer: { description: 'The page.', contentType: 'text/html' },
      handle: ({ c }) => {
        c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
        return c.html(page)
      },
    }),
    endpoint({
      ...about,
      path: '/docs/:file',
      summary: 'A file of the page',
      pathParameters: z.object({ file: z.string() }),
      answer: { description: 'The file.', contentType: 'application/octet-stream' },
      handle: ({ c, path: { file } }) => {
        if (file === 'start.js')
          return c.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' })
        return answerAsset(c, file, { asset, names: FILES, maxAgeSeconds: DAY_SECONDS })
      },
    }),
  ]
  const document = openApiDocument([...described, ...own])
  return own
}

const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>RongCloud archive: API</title>
      <link rel="icon" href="/docs/favicon-32x32.png" />
      <link rel="stylesheet" href="/docs/swagger-ui.css" />
    </head>
    <body>
      <div id="docs"></div>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>
    </body>
  </html>`
