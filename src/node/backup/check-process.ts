/** The process that reads a database through (check-apart.ts). */
import { checkDatabase, findDamage } from './check.ts'
import type { Told } from './check-apart.ts'

const [task, path = ''] = process.argv.slice(2)
const tell = (told: Told) => process.send?.(told)

try {
  tell({ result: task === 'damage' ? findDamage(path) : checkDatabase(path, () => tell('step')) })
} catch (error) {
  tell({ error: `${path} cannot be read: ${(error as Error).message}` })
}
process.disconnect?.()
