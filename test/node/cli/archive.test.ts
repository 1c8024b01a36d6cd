import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../../src/node/cli/program.ts'
import { createIo } from '../../../src/node/cli/io.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { runArchive } from './archive-process.ts'

function allCommands(): { path: string[]; command: Command }[] {
  const options = { json: false, quiet: false }
  const io = createIo(
    {
      stdout: process.stdout,
      stderr: process.stderr,
      isTerminal: false,
      environment: {},
      signal: new AbortController().signal,
      now: Date.now,
    },
    options,
  )
  const below = (command: Command, path: string[]): { path: string[]; command: Command }[] => [
    { path, command },
    ...command.commands.flatMap((child) => below(child, [...path, child.name()])),
  ]
  return below(createProgram(io, options), [])
}

describe('archive', () => {
  it('tells on stdout what there is when asked for help', async () => {
    const { exitCode, stdout, stderr } = await runArchive(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/Usage: archive[^]*logs[^]*Exit codes/)
  })

  it.each([[[]], [['nonsense']], [['logs']], [['logs', 'nonsense']], [['logs', 'import']], [['--nonsense']]])(
    'exits with 2 and talks on stderr alone for the wrong usage %j',
    async (parameters) => {
      const { exitCode, stdout, stderr } = await runArchive(parameters)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).not.toBe('')
    },
  )

  it('exits with 2 for settings that are wrong, naming them', async () => {
    const { exitCode, stderr } = await runArchive(['logs', 'import', 'x'], { TIME_ZONE: 'Nowhere' })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('TIME_ZONE')
  })

  it('makes up no credentials', async () => {
    const folder = temporaryFolder()
    await runArchive(['logs', 'import', 'x', '--database', join(folder, 'archive.db')])
    expect(existsSync(join(folder, 'credentials.json'))).toBe(false)
  })

  it.each(allCommands().map(({ path, command }) => [path.join(' '), command] as const))(
    'has help for "%s", and examples for what can be run',
    (_path, command) => {
      expect(command.description()).not.toBe('')
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      if (command.commands.length === 0) expect(help).toMatch(/Examples:\n {2}\$ archive /)
    },
  )
})
