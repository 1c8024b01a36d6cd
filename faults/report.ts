/** The findings as Markdown, for the terminal and for docs/reliability.md. */
import { machine } from '../bench/machine.ts'
import type { Finding, Size, Trial } from './trial.ts'

export type Outcome = { trial: Trial; findings: readonly Finding[]; seconds: number }

export type How = { size: Exclude<Size, 'test'>; seed: number }

/** @param before the page as it was: its sections of trials that are not among the outcomes stay */
export function pageOf(outcomes: readonly Outcome[], how: How, before = ''): string {
  const { cpu, cores, memoryGB, versions } = machine()
  const about = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const sections = new Map(sectionsIn(before))
  for (const outcome of outcomes) sections.set(`## ${outcome.trial.title}`, sectionOf(outcome, how))
  return `# Reliability

What is promised of faults, and how each promise fared when it was put to the test on the real server over loopback. This
page is written by the program that does it (\`faults/\`); \`npm test\` holds a small one of each. After each, every file is
examined: all that was answered 200 is looked for, field by field, and what \`archive verify\` looks for must not be there: damage
(\`integrity_check\`), references to nothing, and conversations, senders, listing, changes, counts by the hour or a search index
that do not agree with the messages. To repeat:

\`\`\`sh
npm run test:faults -- --full --page docs/reliability.md   # under 45 minutes; without \`--full\` under 7, and less of each
\`\`\`

${cores} × ${cpu}, ${memoryGB} GB; ${about.join(', ')}

${[...sections.values()].join('\n\n')}
`
}

function sectionsIn(page: string): [heading: string, section: string][] {
  const sections = page.split(/^(?=## )/m).slice(1)
  return sections.map((section) => [section.slice(0, section.indexOf('\n')), section.trimEnd()])
}

function sectionOf(outcome: Outcome, { size, seed }: How): string {
  const { title, promise } = outcome.trial
  return `## ${title}\n\n${promise}\n\n${machine().date}, the ${size} run, seed ${seed}:\n\n${tableOf(outcome)}`
}

export function tableOf({ findings, seconds, trial }: Outcome): string {
  const rows = findings.map(({ what, found, wanted, verdict }) => [
    what,
    found,
    wanted,
    verdict === 'kept' ? verdict : `**${verdict}**`,
  ])
  const head = [`${trial.name} (${seconds.toFixed(0)} s)`, 'found', 'wanted', '']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
