/** Builds the Worker without deploying it and looks for what must not be in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { wrangler } from './wrangler.ts'

const GZIP_MAX_BYTES = 1024 * 1024
// What the Worker may ask of `nodejs_compat`.
const NODE_MODULES_ALLOWED = new Set(['node:crypto', 'node:zlib'])

const folder = mkdtempSync(join(tmpdir(), 'archive-bundle-'))
const code = await wrangler(['deploy', '--dry-run', '--outdir', folder])
const problems = code === 0 ? look(readFileSync(join(folder, 'index.js'))) : ['the bundle cannot be built']
rmSync(folder, { recursive: true })
for (const problem of problems) process.stderr.write(`bundle: ${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1

function look(bundle: Buffer): string[] {
  const text = bundle.toString()
  const zipped = gzipSync(bundle).byteLength
  process.stdout.write(`bundle: ${Math.round(zipped / 1024)} KiB gzipped\n`)
  // What esbuild could not take in stays as an import at the start of a line, a call of its own require, or a
  // dynamic import.
  const asked = [
    ...text.matchAll(
      /^(?:import|export)\b[^"';]*["']([^"']+)["']|__require\("([^"]+)"\)|\bimport\(\s*["']([^"'.][^"']*)["']\s*\)/gm,
    ),
  ].map(([, imported, required, dynamic]) => imported ?? required ?? dynamic ?? '')
  const foreign = [...new Set(asked)].filter(
    (name) => !NODE_MODULES_ALLOWED.has(name) && !name.startsWith('cloudflare:'),
  )
  return [
    ...foreign.map((name) => `asks for ${name}, which workerd does not have`),
    ...(text.includes('better-sqlite3') ? ['holds better-sqlite3'] : []),
    ...(zipped > GZIP_MAX_BYTES ? ['is larger than 1 MiB gzipped'] : []),
  ]
}
