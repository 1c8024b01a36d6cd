/**
 * The text thread, seen from the main thread: it follows the messages with index and counts, and answers searches. What
 * people write is read there, however long it takes, and no callback waits for it.
 */
import type { Row, Store } from '../../archive/store.ts'
import type { ArchiveError } from '../../domain/errors.ts'
import type { Log } from '../../domain/ports.ts'
import type { PartyTemplates } from '../../domain/parties.ts'
import type { Find, FoundPage } from '../../http/search/find.ts'
import { startThread } from '../sqlite/thread.ts'
import { answerTo, createCalls, type Answer, type Call } from './calls.ts'

export type TextData = { path: string; templates: PartyTemplates }
export type Search = Parameters<Find>
export type Write = Parameters<Store['atomically']>

/** To the thread: what is searched, and what became of what it wrote. */
export type ToText = { search: Call<Search> } | { written: Answer } | 'close'
/** From the thread: what it found, what it writes, and what its log says. */
export type FromText =
  { found: Answer } | { write: Call<Write> } | { failed: string; facts: Record<string, unknown> | undefined }

export type TextThread = {
  find: Find
  /** Leaves what it is about where it is, and ends. */
  close: () => Promise<void>
}

type Given = TextData & {
  /** Where it writes, by the one thread that does. */
  store: Store
  log: Log
}

export function startText({ path, templates, store, log }: Given): TextThread {
  const write = ([statements, turn]: Write): Promise<Row[][]> => store.atomically(statements, turn)
  const onMessage = (message: FromText) => {
    if ('found' in message) searches.settle(message.found)
    else if ('write' in message) void answerTo(message.write, write).then((written) => send({ written }))
    else log.error(message.failed, message.facts)
  }
  const onEnd = (reason: ArchiveError) => searches.end(reason)
  const thread = startThread('../text/worker.ts', path, { onMessage, onEnd }, { templates })
  const send = (message: ToText) => thread.send(message)
  const searches = createCalls<Search>((search) => send({ search }))
  return { find: (...search) => searches.ask<FoundPage>(search), close: thread.close }
}
