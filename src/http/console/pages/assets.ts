import { z } from 'zod'
import { answerAsset } from '../../assets.ts'
import type { Deps } from '../../deps.ts'
import { endpoint } from '../../endpoint.ts'
import { COMPLETENESS_CSS } from '../assets/completeness-css.ts'
import { LAYOUT_CSS } from '../assets/layout-css.ts'
import { OVERVIEW_CSS } from '../assets/overview-css.ts'
import { MESSAGES_CSS } from '../assets/messages-css.ts'
import { SEARCH_CSS } from '../assets/search-css.ts'

const FILES = [
  'htmx.min.js',
  'console.js',
  'chat.js',
  'keys.js',
  'search.js',
  'live.js',
  'overview.js',
  'uPlot.iife.min.js',
  'uPlot.min.css',
]
const STYLE = MESSAGES_CSS + LAYOUT_CSS + OVERVIEW_CSS + COMPLETENESS_CSS + SEARCH_CSS
const MAX_AGE_SECONDS = 300

export function assetsEndpoint({ asset }: Deps) {
  return endpoint({
    method: 'GET',
    path: '/console/assets/:file',
    tag: 'console',
    summary: 'A file of the console',
    access: 'public',
    pathParameters: z.object({ file: z.string() }),
    answer: { description: 'The file.', contentType: 'application/octet-stream' },
    handle: ({ c, path: { file } }) => {
      if (file !== 'console.css')
        return answerAsset(c, file, { asset, names: FILES, maxAgeSeconds: MAX_AGE_SECONDS })
      const headers = {
        'Content-Type': 'text/css; charset=utf-8',
        'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}`,
      }
      return c.body(STYLE, 200, headers)
    },
  })
}
