/** The findings as Markdown, for the terminal and for docs/reliability.md. */
import { machine } from '../bench/machine.ts'
import type { Finding, Size, Trial } from './trial.ts'

export type Outcome = { trial: Trial; findings: readonly Finding[]; seconds: number }

const COMMANDS: Record<Exclude<Size, 'test'>, string> = {
  full: 'npm run test:faults -- --full --page docs/reliability.md   # under 40 minutes',
  short:
    'npm run test:faults -- --page docs/reliability.md   # under 5 minutes; with `--full` it tries more of each',
}

export function pageOf(
  outcomes: readonly Outcome[],
  { size, seed }: { size: Exclude<Size, 'test'>; seed: number },
): string {
  const { date, cpu, cores, memoryGB, versions } = machine()
  const about = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `# Reliability

What is promised of faults, and how each promise fared when it was put to the test on the real server over loopback. This
page is written by the program that does it (\`faults/\`); \`npm test\` holds a small one of each. After each, every file is
examined: all that was answered 200 is looked for, field by field, and what \`archive verify\` looks for must not be there: damage
(\`integrity_check\`), references to nothing, and conversations, senders, listing, changes, counts by the hour or a search index
that do not agree with the messages. To repeat:

\`\`\`sh
${COMMANDS[size]}
\`\`\`

${date}, the ${size} run, seed ${seed}; ${cores} × ${cpu}, ${memoryGB} GB; ${about.join(', ')}

${outcomes.map(sectionOf).join('\n\n')}
`
}

function sectionOf(outcome: Outcome): string {
  return `## ${outcome.trial.title}\n\n${outcome.trial.promise}\n\n${tableOf(outcome)}`
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
