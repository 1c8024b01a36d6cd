/** How it ends, and what else may use its file. */
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runScript } from '../bench/processes.ts'
import { examine, findingsOf } from './examine.ts'
import { startSending, trafficOf } from './sending.ts'
import { authorization, kill, startServer } from './server.ts'
import { atLeast, atMost, isSo, under, type Finding, type Size, type Trial } from './trial.ts'

const TIMES = { full: 10, short: 3, test: 1 }
const ENDS_WITHIN_MS = 5000
// From the sender's write to the server's read.
const UNDER_WAY_MS = 5

export const ends: Trial = {
  name: 'ends',
  title: 'SIGTERM, and two on one file',
  promise: [
    'SIGTERM: it accepts no more, answers what it has, folds the log into the file and exits with 0, also with idle, slow and',
    'waiting clients, and while everything is exported and searched. Two servers on one file disturb each other in nothing but speed, and a killed one leaves no lock behind.',
  ].join('\n'),
  run: async ({ size, seed, folder }) => {
    const findings: Finding[] = []
    const took: number[] = []
    const codes = new Set<number | string | null>()
    let cutOff = 0
    let left = 0
    const path = join(folder, 'archive.db')
    const traffic = trafficOf(seed)
    const acknowledged = []
    for (let time = 0; time < TIMES[size]; time++) {
      const server = await startServer(path)
      const sending = startSending(server.url, traffic)
      const sockets = hangOn(server.url)
      await sleep(700)
      const { ended: waited } = await waitForMore(server.url)
      const startedAt = performance.now()
      server.child.kill('SIGTERM')
      codes.add(await server.ended)
      took.push(performance.now() - startedAt)
      await sending.stop()
      await waited
      // What is sent in the same moment may find nobody; what had been sent is answered.
      cutOff += sending.answers.filter(
        ({ answer, atMs, tookMs }) => answer !== 200 && atMs - tookMs < startedAt - UNDER_WAY_MS,
      ).length
      for (const socket of sockets) socket.destroy()
      acknowledged.push(...sending.acknowledged)
      if (existsSync(`${path}-wal`)) left++
    }
    findings.push(
      isSo('ended by SIGTERM under load, with idle, slow and waiting clients', TIMES[size], TIMES[size]),
      isSo('exit codes', [...codes].join(', '), '0'),
      atMost('slowest end', Math.max(...took), ENDS_WITHIN_MS, ' ms'),
      isSo('callbacks left without an answer', cutOff, 0),
      isSo('write-ahead logs left behind', left, 0),
      ...findingsOf(examine(path, acknowledged)),
    )
    return [
      ...findings,
      ...(await longReads(join(folder, 'large.db'), size)),
      ...(await twoOnOneFile(join(folder, 'two.db'), seed, TIMES[size])),
    ]
  },
}

/** An idle connection, one in the midst of its headers, one in the midst of its body. */
function hangOn({ hostname, port }: URL) {
  const texts = [
    '',
    'GET /healthz HTTP/1.1\r\nHo',
    'POST /callbacks/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na',
  ]
  return texts.map((text) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => undefined)
    socket.write(text)
    return socket
  })
}

/** One that waits for the feed to go on: it has seen all there is, and asks again. */
async function waitForMore(url: URL): Promise<{ ended: Promise<unknown> }> {
  const ask = (query: string) =>
    fetch(new URL(`/api/v1/changes?appKey=nobody&${query}`, url), { headers: authorization })
  const { next } = (await (await ask('limit=1')).json()) as { next: string }
  return { ended: ask(`wait=30&after=${next}`).catch(() => null) }
}

const MESSAGES = { full: 200_000, short: 30_000, test: 3000 }
const READERS = 10
// A search that finds nothing looks at all there is.
const LONG = ['/api/v1/export', '/api/v1/search?q=nothing-of-the-kind', '/api/v1/messages?limit=500']

/** SIGTERM while many ask for much. */
async function longReads(path: string, size: Size): Promise<Finding[]> {
  const [from, to] = [0, MESSAGES[size]]
  await runScript<unknown>('./fill.ts', [path, String(from), String(to)])
  const server = await startServer(path)
  let answered = 0
  const asked = Array.from({ length: READERS }, () => LONG)
    .flat()
    .map(async (address) => {
      const answer = await fetch(new URL(address, server.url), { headers: authorization })
      answered++
      for await (const chunk of answer.body ?? []) if (chunk.length > 0) await sleep(1)
    })
  const ended = Promise.allSettled(asked)
  await sleep(500)
  const startedAt = performance.now()
  server.child.kill('SIGTERM')
  const code = await server.ended
  const tookMs = performance.now() - startedAt
  await ended
  return under('while all is exported and searched', [
    atLeast('questions that had been answered or begun to be', answered, 1),
    isSo('exit code of SIGTERM', code, 0),
    atMost('ended after', tookMs, ENDS_WITHIN_MS, ' ms'),
    isSo('write-ahead logs left behind', Number(existsSync(`${path}-wal`)), 0),
    isSo('wrong in the file', examine(path, []).problems.join('; ') || 'nothing', 'nothing'),
  ])
}

async function twoOnOneFile(path: string, seed: number, times: number): Promise<Finding[]> {
  const traffic = trafficOf(seed)
  const acknowledged = []
  let survived = 0
  let answeredAfter = 0
  for (let time = 0; time < times; time++) {
    const servers = [await startServer(path), await startServer(path)] as const
    const sendings = servers.map(({ url }) => startSending(url, traffic, { connections: 4, pauseMs: 2 }))
    await sleep(800)
    const [killed, other] = servers
    await kill(killed)
    const before = sendings[1]!.acknowledged.length
    await sleep(500)
    answeredAfter += sendings[1]!.acknowledged.length - before
    await Promise.all(sendings.map((sending) => sending.stop()))
    other.child.kill('SIGTERM')
    if ((await other.ended) === 0) survived++
    acknowledged.push(...sendings.flatMap((sending) => sending.acknowledged))
  }
  return under('two on one file', [
    isSo('one of them killed, the other ended well', survived, times),
    atLeast('answered 200 by the other after the kill', answeredAfter, times),
    ...findingsOf(examine(path, acknowledged)),
  ])
}
