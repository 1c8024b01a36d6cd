import cliProgress, { type Params } from 'cli-progress'

const { Format, SingleBar } = cliProgress

export type Progress = {
  /** `count` more are done. */
  step: (count?: number) => void
  stop: () => void
}

export const NO_PROGRESS: Progress = { step: () => undefined, stop: () => undefined }

/** What a bar counts. */
export type Unit = keyof typeof WRITTEN

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const megabytes = new Intl.NumberFormat('en', {
  style: 'unit',
  unit: 'megabyte',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})
const WRITTEN = {
  pieces: (count: number) => whole.format(count),
  bytes: (count: number) => megabytes.format(count / 1e6),
}

export type BarPlan = {
  title: string
  /** null: not known, so there is nothing to fill. */
  total: number | null
  unit: Unit
}

/** One line on a terminal that says how far it is, how fast and for how long yet. */
export function createBar(stream: NodeJS.WritableStream, { title, total, unit }: BarPlan): Progress {
  const written = WRITTEN[unit]
  const format = (
    options: Parameters<typeof Format.BarFormat>[1],
    { progress, value, eta, startTime }: Params,
  ) => {
    const perSecond = (value * 1000) / Math.max(Date.now() - startTime, 1)
    if (total === null) return `${title} ${written(value)} (${written(perSecond)}/s)`
    const done = `${written(value)} of ${written(total)}`
    const left = Number.isFinite(eta) ? `, ${Math.ceil(eta)} s left` : ''
    return `${title} ${Format.BarFormat(progress, options)} ${done} (${written(perSecond)}/s${left})`
  }
  // A hidden cursor would stay so when the process is killed.
  const bar = new SingleBar({ stream, format, barsize: 24, hideCursor: false, gracefulExit: false })
  bar.start(total ?? 0, 0)
  return { step: (count = 1) => bar.increment(count), stop: () => bar.stop() }
}
