/** deploy/alerts.yml asks for what `/metrics` tells: an alert that asks for anything else never goes off. */
import { readFileSync } from 'node:fs'
import { openArchive } from '#open-archive'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ArchiveError } from '../src/domain/errors.ts'
import { METRICS } from '../src/http/metrics/definitions.ts'
import { KEYS } from './support/archive.ts'
import { deliverMessage, get } from './support/requests.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const operations = read('docs/operations.md')

const words = z.string().min(10)
const Rule = z.strictObject({
  alert: z.string().regex(/^([A-Z][a-z]+)+$/),
  expr: words,
  for: z.string().regex(/^\d+[mh]$/),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({ summary: words, description: words }),
})
const Rules = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule).min(1) })).min(1),
})

const rules = Rules.parse(parse(read('deploy/alerts.yml'))).groups.flatMap((group) => group.rules)

const KEYWORDS = new Set(['or', 'and', 'unless', 'offset'])

/** The metrics of an expression; what is in brackets or a function is none. */
function metricsIn(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/\b[a-z_]\w*\b(?!\s*\()/gi)].map(([name]) => name)
  return names.filter((name) => !KEYWORDS.has(name))
}

/** `metric`, `label` and `value` of each `metric{label="value"}`, one for each alternative of `=~"one|other"`. */
function matchersIn(expr: string) {
  return [...expr.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(/(\w+)=(~?)"([^"]*)"/g)].flatMap(([, label = '', isPattern, value = '']) =>
      (isPattern ? value.split('|') : [value]).map((each) => ({ metric, label, value: each })),
    ),
  )
}

/** The labels that docs/operations.md gives a metric. */
function labelsOf(metric: string): string[] {
  const row =
    operations.split('\n').find((line) => line.startsWith(`| \`${metric.replace(/_bucket$/, '')}\``)) ?? ''
  return [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, label = '']) => label)
}

/** What `/metrics` says after callbacks that were refused, not stored, and too many. */
async function metricsOfABadDay(): Promise<string> {
  const archive = await openArchive()
  await deliverMessage(archive, {}, { appKey: 'nobody', secret: 'nothing' })
  for (const code of ['unavailable', 'overloaded'] as const) {
    const fail = () => Promise.reject(new ArchiveError(code, 'the disk is full'))
    Object.assign(archive.store, { atomically: fail })
    expect((await deliverMessage(archive)).status).toBe(503)
  }
  return (await get(archive, '/metrics', KEYS.metrics)).text()
}

describe('the alerts', () => {
  it('have names of their own', () => {
    const names = rules.map(({ alert }) => alert)
    expect(names).toEqual([...new Set(names)])
    expect(names.length).toBeGreaterThan(10)
  })

  it('ask for metrics that there are', () => {
    // `up` is what Prometheus itself says of a job.
    const told = new Set(
      Object.entries(METRICS).map(([name, { type }]) => (type === 'histogram' ? `${name}_bucket` : name)),
    )
    const asked = rules.flatMap(({ expr }) => metricsIn(expr))
    expect(asked.filter((name) => name !== 'up' && !told.has(name))).toEqual([])
  })

  it('ask for values that labels have', async () => {
    const lines = (await metricsOfABadDay()).split('\n')
    const isTold = ({ metric, label, value }: ReturnType<typeof matchersIn>[number]) =>
      lines.some((line) => line.startsWith(`${metric}{`) && line.includes(`${label}="${value}"`))
    const asked = rules.flatMap(({ expr }) => matchersIn(expr)).filter(({ metric }) => metric !== 'up')
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.filter((matcher) => !isTold(matcher))).toEqual([])
  })

  it('sum by labels that there are, and speak of those that are left', () => {
    for (const { alert, expr, annotations } of rules) {
      const known = ['le', ...metricsIn(expr).flatMap(labelsOf)]
      const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/))
      expect({ alert, odd: by.filter((label) => !known.includes(label)) }).toEqual({ alert, odd: [] })
      const left = /\bsum\b/.test(expr) ? by : known
      const spoken = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(
        ([, label = '']) => label,
      )
      expect({ alert, odd: spoken.filter((label) => !left.includes(label)) }).toEqual({ alert, odd: [] })
    }
  })

  it('and the operator are told the same name of the job', () => {
    const jobs = rules.flatMap(({ expr }) => matchersIn(expr)).filter(({ metric }) => metric === 'up')
    expect(
      jobs.map(({ value }) => `job_name: ${value}`).filter((line) => !operations.includes(line)),
    ).toEqual([])
    expect(jobs).toHaveLength(1)
  })

  it('that docs/operations.md names are there', () => {
    const named = [...operations.matchAll(/\balert `(\w+)`/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !rules.some(({ alert }) => alert === name))).toEqual([])
  })
})
