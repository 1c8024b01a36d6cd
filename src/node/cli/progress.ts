import cliProgress, { type Params } from 'cli-progress'

const { Format, SingleBar } = cliProgress

export type Progress = {
  /** `count` more are done. */
  step: (count?: number) => void
  stop: () => void
}

export const NO_PROGRESS: Progress = { step: () => undefined, stop: () => undefined }

const figure = new Intl.NumberFormat('en')

/**
 * One line on a terminal that says how far it is, how fast and for how long yet.
 * @param total null: not known, so there is nothing to fill
 */
export function createBar(stream: NodeJS.WritableStream, title: string, total: number | null): Progress {
  const format = (
    options: Parameters<typeof Format.BarFormat>[1],
    { progress, value, eta, startTime }: Params,
  ) => {
    const perSecond = (value * 1000) / Math.max(Date.now() - startTime, 1)
    if (total === null) return `${title} ${figure.format(value)} (${figure.format(Math.round(perSecond))}/s)`
    const done = `${figure.format(value)} of ${figure.format(total)}`
    const left = Number.isFinite(eta) ? `, ${Math.ceil(eta)} s left` : ''
    return `${title} ${Format.BarFormat(progress, options)} ${done} (${figure.format(Math.round(perSecond))}/s${left})`
  }
  // The cursor is given back by stop(), which the runner calls whatever happens.
  const bar = new SingleBar({ stream, format, barsize: 24, hideCursor: true, gracefulExit: false })
  bar.start(total ?? 0, 0)
  return { step: (count = 1) => bar.increment(count), stop: () => bar.stop() }
}
