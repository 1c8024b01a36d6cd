/** A map of bounded size: when it is full, what was set longest ago makes room. */
export class RecentMap<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  set(key: K, value: V) {
    // Last in the map is what was set last.
    this.#entries.delete(key)
    const [oldest] = this.#entries.size >= this.#max ? this.#entries.keys() : []
    if (oldest !== undefined) this.#entries.delete(oldest)
    this.#entries.set(key, value)
  }

  delete(key: K) {
    this.#entries.delete(key)
  }
}
