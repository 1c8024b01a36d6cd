/** A Chromium that came with the packages, for tests and pictures: nothing has to be installed or downloaded. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflate } from '@sparticuz/chromium'
import { chromium, type Browser } from 'playwright-core'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
const PACKAGE = join(MODULES, '@sparticuz/chromium')
// The program, the libraries that a plain Debian lacks, and one Latin font.
const PARTS = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'].map((file) => join(PACKAGE, 'bin', file))

/** `CHROMIUM_PATH` names another one, for systems that the packaged one is not made for. */
export async function launchChromium(): Promise<Browser> {
  const { CHROMIUM_PATH, PATH } = process.env
  if (CHROMIUM_PATH) return chromium.launch({ executablePath: CHROMIUM_PATH })
  const folder = await unpack()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    env: {
      ...(PATH !== undefined && { PATH }),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  })
}

/** Once for all: made aside and moved into its place whole, because others may be doing the same. */
async function unpack(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  const cache = join(MODULES, '.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const aside = mkdtempSync(join(cache, 'unpacking-'))
  await inflateInto(aside)
  writeFileSync(join(aside, 'fonts.conf'), fontsIn(folder))
  try {
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

// It unpacks into the temporary folder, of which it asks when it is called.
async function inflateInto(folder: string): Promise<void> {
  const { TMPDIR } = process.env
  process.env.TMPDIR = folder
  const inflated = PARTS.map(inflate)
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  await Promise.all(inflated)
}

/** The same fonts on every machine, so that the pictures are the same. */
function fontsIn(folder: string): string {
  const folders = [
    join(folder, 'fonts'),
    join(MODULES, '@embedpdf/fonts-sc/fonts'),
    join(MODULES, '@expo-google-fonts/noto-color-emoji/400Regular'),
  ]
  const lines = folders.map((each) => `<dir>${each}</dir>`)
  return `<?xml version="1.0"?>\n<fontconfig>${lines.join('')}<cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>\n`
}
