import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyOfDeploy, isInstalled, run } from './run.ts'

/** Has Docker Compose read compose.yaml with the settings of the examples; no daemon is asked. */
export function* checkCompose(): Generator<string> {
  using copy = copyOfDeploy()
  for (const name of ['archive', 'litestream'])
    copyFileSync(join(copy.folder, `${name}.env.example`), join(copy.folder, `${name}.env`))
  const file = ['-f', join(copy.folder, 'compose.yaml'), 'config', '--quiet']
  // The plug-in of today, or the program of older distributions.
  if (isInstalled('docker', ['compose', 'version'])) run('docker', ['compose', ...file])
  else run('docker-compose', file)
  yield 'compose.yaml is read'
}
