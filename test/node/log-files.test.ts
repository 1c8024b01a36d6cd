import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listFiles } from '../../src/node/log-files.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { settingsFor } from './cli/archive-file.ts'
import { runArchive } from './cli/cli-in-process.ts'

async function listed(root: string) {
  const found = await listFiles([root])
  const named = found.map(({ path, isForeign }) => `${relative(root, path)}${isForeign ? ' (foreign)' : ''}`)
  return named.toSorted()
}

describe('the files of a folder', () => {
  it('are found once each, whatever circles its links make', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'a', 'b'), { recursive: true })
    writeFileSync(join(root, 'a', 'b', 'log'), '')
    symlinkSync('..', join(root, 'a', 'up'))
    symlinkSync(root, join(root, 'a', 'b', 'root'))
    symlinkSync('itself', join(root, 'itself'))
    symlinkSync(join('a', 'b'), join(root, 'z'))
    symlinkSync(join('b', 'log'), join(root, 'a', 'again'))
    const found = await listed(root)
    expect(found).toEqual(['a/again', 'itself (foreign)'])
    expect(await listed(join(root, 'z'))).toEqual(['log', 'root (foreign)'])
  })

  it('do not lie beyond it, and are no sockets', async () => {
    const [root, beyond] = [temporaryFolder(), temporaryFolder()]
    writeFileSync(join(beyond, 'log'), '')
    writeFileSync(join(root, 'log'), '')
    symlinkSync(beyond, join(root, 'folder'))
    symlinkSync(join(beyond, 'log'), join(root, 'file'))
    symlinkSync(join(beyond, 'none'), join(root, 'nothing'))
    const server = createServer().listen(join(root, 'socket'))
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    expect(await listed(root)).toEqual([
      'file (foreign)',
      'folder (foreign)',
      'log',
      'nothing (foreign)',
      'socket (foreign)',
    ])
    // Who names a link says that it is meant.
    const named = await listFiles([join(root, 'file'), join(root, 'folder')])
    expect(named.map(({ isForeign }) => isForeign)).toEqual([false, false])
  })
})

describe('the name of a file', () => {
  it('moves no cursor and turns no direction of writing where a command prints it', async () => {
    const folder = temporaryFolder()
    const name = 'a\u001b[2J\u009b\u202e\nb'
    writeFileSync(join(folder, name), 'no log\n')
    const settings = settingsFor(join(temporaryFolder(), 'a.db'))
    const found = await runArchive(['logs', 'import', folder], settings)
    const named = await runArchive(['logs', 'import', join(folder, name)], settings)
    for (const printed of [found.stdout, named.stderr]) {
      expect(printed).toContain('a\ufffd[2J\ufffd\ufffd\ufffdb')
      // oxlint-disable-next-line no-control-regex -- those are looked for
      expect(printed).not.toMatch(/[\u001b\u009b\u202e]/)
    }
    const json = await runArchive(['logs', 'import', '--json', folder], settings)
    expect(json.stdout).not.toMatch(/[\u009b\u202e]/)
    expect(JSON.parse(json.stdout)).toMatchObject({ foreign: [join(folder, name)] })
  })
})
