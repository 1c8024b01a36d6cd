import type { Facts } from '../world/goods.ts'

/** Puts facts where a line has their names in braces; a name that is no fact stays as it is. */
export function fill(line: string, facts: Partial<Facts> & { name?: string; shop?: string }): string {
  return line.replaceAll(/\{(\w+)\}/g, (hole, name: string) => facts[name as keyof typeof facts] ?? hole)
}
