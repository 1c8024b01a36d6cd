/** Files for browsers, collected in `public/` when packages are installed (scripts/collect-assets.ts). */
import type { Context } from 'hono'
import { ArchiveError } from '../domain/errors.ts'
import type { AppDeps } from './deps.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
}

/** @param names the files that there are; what is asked for comes from outside */
export async function answerAsset(
  c: Context,
  name: string,
  {
    asset,
    names,
    maxAgeSeconds,
  }: Pick<AppDeps, 'asset'> & { names: readonly string[]; maxAgeSeconds: number },
): Promise<Response> {
  const bytes = names.includes(name) ? await asset(name) : null
  if (!bytes) throw new ArchiveError('not_found', `there is no file ${name}`)
  const contentType = CONTENT_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return c.body(bytes, 200, {
    'Content-Type': contentType,
    'Cache-Control': `public, max-age=${maxAgeSeconds}`,
  })
}
