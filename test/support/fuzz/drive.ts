/** Sends cases many at a time, and holds the archive to its word about each. */
import { BEIJING } from '../../../src/domain/log-zone.ts'
import * as fc from 'fast-check'
import { indexAll } from '../../../src/ingest/index-messages.ts'
import { takeCallback } from '../../../src/ingest/store-callback.ts'
import type { HeldCallback } from '../../../src/ingest/held-callback.ts'
import { elementsOf, isList } from '../../../src/rongcloud/message-list.ts'
import { nodeHashing as hashing } from '../../../src/node/hashing.ts'
import { APP, type ArchiveUnderTest } from '../archive.ts'
import { signedQuery } from '../requests.ts'
import { anyCase, type Case } from './cases.ts'
import { anyCredentials } from './credentials.ts'

const AT_ONCE = 50
const READ_MAX_BYTES = 500_000
const TEMPLATES = { member: 'u{id}', seller: 'shop_{id}' }

/** How many were answered with each class of status. */
export type Answers = Record<string, number>

/** @throws an error with the smallest case that broke a promise, and the seed that finds it again */
export async function fuzz(
  archive: ArchiveUnderTest,
  { cases, seed }: { cases: number; seed: number },
): Promise<Answers> {
  const answers: Answers = {}
  const anyOne = anyCase(archive.endpoints, await anyCredentials(archive))
  const batches = fc.array(anyOne, { minLength: AT_ONCE, maxLength: AT_ONCE })
  await fc.assert(
    fc.asyncProperty(batches, fc.ipV4(), async (batch, address) => {
      // Whoever brings bad credentials is slowed, which would spare everything behind them.
      archive.peer.address = address
      const given = await Promise.all(batch.map((each) => send(archive, each)))
      for (const { status } of given) {
        const kind = `${Math.floor(status / 100)}xx`
        answers[kind] = (answers[kind] ?? 0) + 1
      }
      const broken = given.filter(({ status, isSigned }) => (isSigned ? status !== 200 : status >= 500))
      if (broken.length > 0) throw new Error(`answered ${show(broken)}\n${archive.logged.join('\n')}`)
      await signInAgain(archive)
      await archive.settled()
      const lost = await lostOf(archive, given)
      if (lost.length > 0) throw new Error(`signed and not kept: ${show(lost)}`)
      await indexAll(archive.store, { forMs: 1000, now: Date.now })
      archive.logged.length = 0
    }),
    { numRuns: Math.ceil(cases / AT_ONCE), seed },
  )
  return answers
}

// One of the cases may have signed out, which would spare everything behind the session.
async function signInAgain({ store }: ArchiveUnderTest): Promise<void> {
  await store.atomically([{ sql: 'DELETE FROM revoked_sessions', params: [] }])
}

type Given = Case & { status: number; isSigned: boolean }

async function send(archive: ArchiveUnderTest, each: Case): Promise<Given> {
  const { method, path, headers, body } = each
  const query = each.query ?? (await signedQuery())
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const answer = await archive.request(`${path}?${query}`, { method, headers, ...(hasBody && { body }) })
  await read(answer)
  return { ...each, query, status: answer.status, isSigned: each.query === null }
}

/** An answer may fail late; but a stream has no end, and an export has that of the archive. */
async function read(answer: Response): Promise<void> {
  if (answer.headers.get('Content-Type')?.startsWith('text/event-stream')) return answer.body?.cancel()
  let bytes = 0
  for await (const chunk of answer.body ?? []) if ((bytes += chunk.byteLength) > READ_MAX_BYTES) return
}

/** Signed callbacks that are neither archived nor kept aside. */
async function lostOf(archive: ArchiveUnderTest, given: readonly Given[]): Promise<Given[]> {
  const signed = given.filter(({ isSigned }) => isSigned).flatMap(eachOf)
  const hashes = signed.map(({ body }) => hashing.sha256(body))
  const sql = 'SELECT body_sha256 FROM deliveries WHERE body_sha256 IN (SELECT value FROM json_each(?))'
  const [rows = []] = await archive.store.atomically([{ sql, params: [JSON.stringify(hashes)] }])
  const aside = new Set(rows.map(({ body_sha256: hash }) => hash))
  const isKept = await Promise.all(
    signed.map(async (each, i) => aside.has(hashes[i]) || isArchived(archive, each)),
  )
  return signed.filter((_, i) => !isKept[i])
}

/** Of a list of messages each is archived or kept aside by itself. */
function eachOf(given: Given): Given[] {
  const isOfMessages = given.path === '/callbacks/messages' && isList(given.body)
  const elements = isOfMessages ? elementsOf(given.body) : []
  if ('unreadable' in elements || elements.length === 0) return [given]
  return elements.map((body) => Object.assign({}, given, { body: Uint8Array.from(body) }))
}

async function isArchived(
  { store, clock }: ArchiveUnderTest,
  { path, query, body }: Given,
): Promise<boolean> {
  const held = {
    kind: path.slice('/callbacks/'.length) as HeldCallback['kind'],
    query: query ?? '',
    body,
    contentType: null,
    appKey: APP.appKey,
    nonceReused: false,
    remoteAddress: null,
    receivedAtMs: clock.nowMs,
  }
  const taken = await takeCallback({ store, hashing, templates: TEMPLATES, logZone: BEIJING }, held, {
    dryRun: true,
  })
  // Of no event at all each is known, and yet nothing is here.
  return taken.outcome === 'ping' || (taken.outcome === 'known' && taken.detail !== '0 events')
}

function show(cases: readonly (Case & { status: number })[]): string {
  return JSON.stringify(
    cases.map((each) => ({ ...each, body: new TextDecoder().decode(each.body) })),
    null,
    2,
  )
}
