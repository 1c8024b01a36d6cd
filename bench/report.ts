/** The figures as Markdown tables, for the terminal and for docs/performance.md. */
import type { ArchiveResults, FilledResults, GrowthPoint } from './archive.ts'
import { CONNECTIONS, CONTENDERS, type Contender, type Turn, type Measured } from './ingest.ts'
import type { Machine } from './machine.ts'
import type { QueryResult } from './queries.ts'

export type Results = Machine & {
  messages: number
  seconds: number
  contenders: Measured[]
  archive: ArchiveResults
}

export function tablesOf(results: Results): string {
  const { date, cpu, cores, memoryGB, versions, archive } = results
  const about = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `${date}, ${cores} × ${cpu}, ${memoryGB} GB; ${about.join(', ')}`,
    contendersTable(results),
    ratiosTable(results),
    tablesOfFilled(archive),
  ].join('\n\n')
}

export function tablesOfFilled(archive: FilledResults): string {
  return [
    growthTable(archive.growth),
    queriesTable(archive),
    followingText(archive),
    besideText(archive),
  ].join('\n\n')
}

function contendersTable({ contenders, archive }: Results): string {
  const rows = contenders.map((row) => [
    row.contender,
    row.connections,
    count(row.perSecond),
    ms(row.p50Ms),
    ms(row.p99Ms),
    row.cpuCores === null ? '' : row.cpuCores.toFixed(2),
    row.peakMemoryBytes === null ? '' : `${Math.round(row.peakMemoryBytes / 1e6)} MB`,
    row.failed,
  ])
  return table(
    ['', 'connections', 'requests/s', 'p50', 'p99', 'cores', 'peak memory', 'failed'],
    [...rows, ['insert', '', count(archive.insertPerSecond), '', '', '', '', '']],
  )
}

function ratiosTable({ contenders, archive }: Results): string {
  const at = (name: Contender, connections: number) =>
    contenders.find((row) => row.contender === name && row.connections === connections)?.perSecond ??
    Number.NaN
  const rows = CONNECTIONS.map((connections) => {
    const [echo, ingest, typical] = (Object.keys(CONTENDERS) as Contender[])
      .toSorted()
      .map((name) => at(name, connections)) as [number, number, number]
    const inTurn = 1 / (1 / echo + 1 / archive.insertPerSecond)
    return [
      connections,
      ratio(ingest / echo),
      ratio(ingest / typical),
      ratio(typical / echo),
      ratio(ingest / inTurn),
    ]
  })
  return table(
    ['connections', 'ingest/echo', 'ingest/typical', 'typical/echo', 'ingest/(1/(1/echo + 1/insert))'],
    rows,
  )
}

function growthTable(growth: readonly GrowthPoint[]): string {
  const rows = growth.map((point) => [
    count(point.messages),
    count(point.ingest.perSecond),
    ms(point.ingest.p99Ms),
    ratio(point.ingest.perSecond / (growth[0]?.ingest.perSecond ?? Number.NaN)),
    point.bytesPerMessage === null ? '' : Math.round(point.bytesPerMessage),
    point.bytesPerFormByte === null ? '' : ratio(point.bytesPerFormByte),
    `${Math.round(point.startMs)} ms`,
  ])
  return table(
    ['messages', 'ingest/s at 64', 'p99', 'to empty', 'bytes/message', 'bytes/byte of body', 'start'],
    rows,
  )
}

function queriesTable({ queries }: FilledResults): string {
  const rows = queries.alone.map((alone) => {
    const beside = queries.besideIngest.find(({ name }) => name === alone.name) as QueryResult
    return [alone.name, ms(alone.p50Ms), ms(alone.p99Ms), ms(beside.p50Ms), ms(beside.p99Ms)]
  })
  return table(['query', 'p50', 'p99', 'p50 beside ingest', 'p99 beside ingest'], rows)
}

function followingText({ following: { on, off } }: FilledResults): string {
  return `Ingest at 64 connections with the index and the counts behind it ${count(on.perSecond)}/s, without them ${count(off.perSecond)}/s: ${ratio(on.perSecond / off.perSecond)}.`
}

function besideText({ besideExport, besideSearch }: FilledResults): string {
  const rate = ({ perSecond, p99Ms }: Turn) => `${count(perSecond)}/s, p99 ${ms(p99Ms)}`
  return [
    `Ingest at 64 connections beside an export that gave ${count(besideExport.linesRead)} lines: ${rate(besideExport)}; `,
    `beside ${count(besideSearch.searches)} searches: ${rate(besideSearch)}.\n`,
  ].join('')
}

type Cells = readonly (string | number)[]

function table(head: readonly string[], rows: readonly Cells[]): string {
  return [head, head.map(() => '---'), ...rows].map(line).join('\n')
}

function line(cells: Cells): string {
  return `| ${cells.join(' | ')} |`
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en')
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`
}

function ratio(value: number): string {
  return value.toFixed(2)
}
