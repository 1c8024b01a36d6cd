/** `npm run check:deploy`: gives the files of deploy/ to the programs that they are for. CONTRIBUTING.md says what it needs. */
import { checkCompose } from './deploy/compose.ts'
import { checkNginx } from './deploy/nginx.ts'
import { checkUnit } from './deploy/unit.ts'

const CHECKS = { compose: checkCompose, systemd: checkUnit, nginx: checkNginx }

for (const [name, check] of Object.entries(CHECKS)) {
  try {
    for await (const found of check()) process.stdout.write(`ok      ${name}: ${found}\n`)
  } catch (error) {
    process.stdout.write(`failed  ${name}: ${(error as Error).message}\n`)
    process.exitCode = 1
  }
}
