/** Who asks while hostile contents are archived, and who reads little of what they asked for. */

export const ASKING_KEYS = ['the-first-key-of-those-who-ask', 'the-second-key-of-those-who-ask']
export const SLOW_KEY = 'the-key-of-those-who-read-little'

/** Of the server, beside those of every trial. */
export const ASKERS = [...ASKING_KEYS, SLOW_KEY].map((key, i) => `asker-${i}:${key}:admin`).join(',')
