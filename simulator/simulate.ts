/** One run: send, then verify. */
import { ArchiveUnavailable, createArchiveReader } from './archive-reader.ts'
import { systemClock } from './clock.ts'
import { deliveriesOf } from './deliveries.ts'
import type { SimulatedMessage } from './message.ts'
import type { Options } from './options.ts'
import type { Progress } from './progress.ts'
import { createReport, type Report } from './report.ts'
import { sendAll } from './send-all.ts'
import { createSender } from './sender.ts'
import { createTally, type Tally } from './tally.ts'
import { simulateMessages } from './traffic.ts'
import { verify } from './verify.ts'

export type Circumstances = {
  /** Sending ends when it is aborted; what was sent is verified. */
  signal: AbortSignal
  progress: Progress
}

/** @throws ArchiveUnavailable when the archive cannot be asked; then nothing is sent */
export async function simulate(options: Options, { signal, progress }: Circumstances): Promise<Report> {
  const { url, app, apiKey, connections, waitMs } = options
  const clock = systemClock
  const usual = { url, connections, clock }
  const reader = apiKey === null ? null : createArchiveReader({ ...usual, appKey: app.appKey, apiKey })
  const sender = createSender({ ...usual, app, signal })
  try {
    // What cannot be verified need not be sent.
    await reader?.find(['NONE-NONE-NONE-NONE'], 1)
    const tally = createTally(options.messages)
    progress.begin('sending', options.messages)
    const begunAt = performance.now()
    await sendAll(deliveriesOf(simulateMessages(options), { ...options, appKey: app.appKey }), {
      send: sender.send,
      connections,
      rate: options.rate,
      clock,
      signal,
      onSent: (delivery, sent) => {
        if (tally.note(delivery, sent)) progress.step()
      },
    })
    const seconds = (performance.now() - begunAt) / 1000
    const interrupted = signal.aborted
    progress.begin('verifying', tally.acknowledged())
    const asked = reader && { find: reader.find, clock, waitMs, onChecked: progress.step }
    const verification = asked && (await verify(acknowledgedOf(options, tally), asked).catch(reasonOf))
    return createReport({ options, tally, verification, pauses: sender.pauses(), interrupted, seconds })
  } finally {
    progress.stop()
    await Promise.all([sender.close(), reader?.close()])
  }
}

// What was sent is to be told all the same.
function reasonOf(error: unknown): string {
  if (error instanceof ArchiveUnavailable) return error.message
  throw error
}

/** The same messages once more, so that none had to be remembered. */
function* acknowledgedOf(options: Options, tally: Tally): Generator<SimulatedMessage, void> {
  for (const message of simulateMessages(options)) {
    if (message.index >= options.messages) return
    if (tally.isAcknowledged(message.index)) yield message
  }
}
