/** The command line in this process, with somebody who watches a terminal. */
import { PassThrough } from 'node:stream'
import { runCli } from '../../../src/node/cli/run.ts'

/** @param onTalk is given all that has been written to the terminal, whenever there is more */
export async function runBeforeTerminal(
  parameters: readonly string[],
  environment: Record<string, string>,
  { signal, onTalk = () => undefined }: { signal?: AbortSignal; onTalk?: (talk: string) => void } = {},
) {
  const [stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: true, columns: 80 })]
  let [printed, talk] = ['', '']
  stdout.on('data', (chunk) => (printed += String(chunk)))
  stderr.on('data', (chunk) => onTalk((talk += String(chunk))))
  const exitCode = await runCli(parameters, {
    stdout,
    stderr,
    isTerminal: true,
    environment,
    signal: signal ?? new AbortController().signal,
    now: Date.now,
  })
  return { exitCode, stdout: printed, stderr: talk }
}
