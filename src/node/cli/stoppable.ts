import { Failure, type Io } from './io.ts'
import type { Progress } from './progress.ts'

/** Progress of work that may end at each step and be begun anew. A step throws {@link Failure} when it is to end. */
export function stoppable(io: Io, title: string, total: number | null): Progress {
  const progress = io.progress(title, total)
  return {
    step: (count) => {
      if (io.signal.aborted) throw new Failure('stopped; run it again to do the rest')
      progress.step(count)
    },
    stop: progress.stop,
  }
}
