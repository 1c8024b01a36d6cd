/**
 * Collects in `public/` what browsers are served besides pages: files of libraries as their packages have them, and the
 * console's own scripts. npm runs it after each install; both doors read the folder.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const OF_PACKAGES = {
  'swagger-ui-dist': ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'],
  'htmx.org': ['dist/htmx.min.js'],
  uplot: ['dist/uPlot.iife.min.js', 'dist/uPlot.min.css'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const client = join(root, 'src/http/console/client')
const target = join(root, 'public')
const require = createRequire(import.meta.url)

const sources = [
  ...Object.entries(OF_PACKAGES).flatMap(([name, files]) => {
    const folder = dirname(require.resolve(`${name}/package.json`))
    return files.map((file) => join(folder, file))
  }),
  ...readdirSync(client)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(client, name)),
]

rmSync(target, { recursive: true, force: true })
mkdirSync(target)
for (const source of sources) copyFileSync(source, join(target, basename(source)))
