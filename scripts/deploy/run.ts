import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url))

/**
 * Waits for a program.
 * @returns what it printed
 * @throws an error that names the program when it is not installed or fails
 */
export function run(program: string, options: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, options, { encoding: 'utf8' })
  if (error) throw new Error(`${program} cannot be run: ${error.message}`)
  if (status !== 0) throw new Error(`${program} ends with ${String(status)}:\n${stdout}${stderr}`)
  return stdout + stderr
}

export function isInstalled(program: string, options: readonly string[]): boolean {
  return spawnSync(program, options).status === 0
}

/** A copy of deploy/ that is gone when it is disposed. */
export function copyOfDeploy(): { folder: string; [Symbol.dispose]: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'archive-deploy-'))
  cpSync(DEPLOY, folder, { recursive: true })
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
