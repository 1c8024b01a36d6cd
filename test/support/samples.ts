import text from '../fixtures/callbacks.ndjson?raw'

/** One callback as RongCloud sends it; names with `-bad-` are signed wrongly on purpose. */
export type Sample = {
  name: string
  kind: string
  query: Record<string, string>
  contentType: string
  body: string
  headers?: Record<string, string>
}

const samples = text
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample)

export const messageSamples = samples.filter(({ kind }) => kind === 'message')
