/** One line on stderr that says how far it is; nothing when nobody watches. */
import yoctoSpinner from 'yocto-spinner'

export type Progress = {
  /** Begins a phase. */
  begin: (doing: string, total: number) => void
  step: (count?: number) => void
  stop: () => void
}

const noProgress: Progress = { begin: () => undefined, step: () => undefined, stop: () => undefined }

const UPDATE_MS = 200
const figure = new Intl.NumberFormat('en')

export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return noProgress
  // Interrupting is for the run to handle: it still verifies.
  const spinner = yoctoSpinner({ stream, handleSignals: false })
  let phase = { doing: '', total: 0, done: 0, begunAt: 0 }
  const timer = setInterval(show, UPDATE_MS).unref()

  return {
    begin(doing, total) {
      phase = { doing, total, done: 0, begunAt: performance.now() }
      show()
      spinner.start()
    },
    step: (count = 1) => void (phase.done += count),
    stop() {
      clearInterval(timer)
      spinner.stop()
    },
  }

  function show(): void {
    const { doing, total, done, begunAt } = phase
    const seconds = (performance.now() - begunAt) / 1000
    const percent = Math.floor((done / Math.max(total, 1)) * 100)
    const rate = figure.format(Math.round(done / Math.max(seconds, 0.001)))
    spinner.text = `${doing} ${figure.format(done)} of ${figure.format(total)} (${percent} %, ${rate}/s)`
  }
}
