import cliProgress, { type Params } from 'cli-progress'

const { Format, SingleBar } = cliProgress

export type Progress = {
  /** `count` more are done. */
  step: (count?: number) => void
  stop: () => void
}

export const NO_PROGRESS: Progress = { step: () => undefined, stop: () => undefined }

const figure = new Intl.NumberFormat('en')

/** One line on a terminal that says how far it is, how fast and for how long yet. */
export function createBar(stream: NodeJS.WritableStream, title: string, total: number): Progress {
  const format = (
    options: Parameters<typeof Format.BarFormat>[1],
    { progress, value, eta, startTime }: Params,
  ) => {
    const perSecond = (value * 1000) / Math.max(Date.now() - startTime, 1)
    const done = `${figure.format(value)} of ${figure.format(total)}`
    const left = Number.isFinite(eta) ? `, ${Math.ceil(eta)} s left` : ''
    return `${title} ${Format.BarFormat(progress, options)} ${done} (${figure.format(Math.round(perSecond))}/s${left})`
  }
  // The cursor is given back by stop(), which the runner calls whatever happens.
  const bar = new SingleBar({ stream, format, barsize: 24, hideCursor: true, gracefulExit: false })
  bar.start(total, 0)
  return { step: (count = 1) => bar.increment(count), stop: () => bar.stop() }
}
