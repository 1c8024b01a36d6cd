import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Package = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
>
type Locked = Package & { dev?: true; hasInstallScript?: true }

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
const { packages } = readJson('package-lock.json') as { packages: Record<string, Locked> }

/** Where npm would look for a dependency of the package at `path`, nearest first. */
function placesOf(path: string, name: string): string[] {
  const places: string[] = []
  for (let base = path; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    places.push(`${base === '' ? '' : `${base}/`}node_modules/${name}`)
    if (!base.includes('/node_modules/')) return base === '' ? places : [...places, `node_modules/${name}`]
  }
}

describe('the lock file', () => {
  it('has an entry for every dependency, also for those of other platforms, or npm 11 refuses it', () => {
    const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !placesOf(path, name).some((place) => place in packages))
        .map((name) => `${name} of ${path}`),
    )
    expect(missing).toEqual([])
  })
})

describe('the dependencies', () => {
  it('are pinned to exact versions', () => {
    const { dependencies, devDependencies } = readJson('package.json') as Package
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d/.test(version),
    )
    expect(loose).toEqual([])
  })
})

describe('install scripts', () => {
  const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> }
  const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const withScript = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path, { dev = false }]) => ({ name: nameOf(path), dev }))

  it('are allowed or refused, each by name, and nobody else is spoken of', () => {
    expect(withScript.length).toBeGreaterThan(0)
    expect(withScript.filter(({ name }) => !(name in allowScripts))).toEqual([])
    const locked = new Set(Object.keys(packages).map(nameOf))
    expect(Object.keys(allowScripts).filter((name) => !locked.has(name))).toEqual([])
  })

  it('of what production installs are refused', () => {
    expect(withScript.filter(({ name, dev }) => !dev && allowScripts[name])).toEqual([])
  })
})
