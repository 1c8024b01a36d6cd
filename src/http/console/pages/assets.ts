import { z } from 'zod'
import { ArchiveError } from '../../../domain/errors.ts'
import { endpoint } from '../../endpoint.ts'
import { LAYOUT_CSS } from '../assets/layout-css.ts'
import { MESSAGES_CSS } from '../assets/messages-css.ts'

const FILES: ReadonlyMap<string, { contentType: string; text: string }> = new Map([
  ['console.css', { contentType: 'text/css; charset=utf-8', text: MESSAGES_CSS + LAYOUT_CSS }],
])

export function assetsEndpoint() {
  return endpoint({
    method: 'GET',
    path: '/console/assets/:file',
    tag: 'console',
    summary: 'A file of the console',
    access: 'public',
    pathParameters: z.object({ file: z.string() }),
    answer: { description: 'The file.', contentType: 'application/octet-stream' },
    handle: ({ c, path: { file } }) => {
      const found = FILES.get(file)
      if (!found) throw new ArchiveError('not_found', `there is no file ${file}`)
      const headers = { 'Content-Type': found.contentType, 'Cache-Control': 'public, max-age=300' }
      return c.body(found.text, 200, headers)
    },
  })
}
