/** What `npm start` prints: where it is, and the first time what to try next. */
import { resolve } from 'node:path'
import type { Config, NodeConfig } from '../config.ts'
import type { MadeUp } from './credentials.ts'
import { nodeHashing } from './hashing.ts'

const SAMPLE_UID = 'SAMP-LE00-0000-0001'

export function greeting(url: string, config: Config & NodeConfig, madeUp: MadeUp | null): string {
  const lines = [`RongCloud archive listens on ${url}`, `data: ${resolve(config.databasePath)}`]
  if (madeUp) lines.push(`credentials, made up: ${resolve(madeUp.path)}`)
  if (madeUp?.isNew) lines.push('', 'Try:', ...tries(url, config))
  else
    lines.push(`docs: ${url}/docs`, ...(config.consolePassword === null ? [] : [`console: ${url}/console`]))
  return `${lines.join('\n')}\n`
}

// Printed once, when credentials are made up: what a service prints is kept in logs, and a signed URL is a secret.
function tries(url: string, config: Config): string[] {
  const key = config.apiKeys[0]?.key
  return [
    `  curl -d '${sampleBody()}' '${url}/callbacks/messages?${signedQuery(config)}'`,
    `  curl -H 'Authorization: Bearer ${key}' '${url}/api/v1/messages?msgUID=${SAMPLE_UID}'`,
    `  open ${url}/docs`,
    ...(config.consolePassword === null
      ? []
      : [`  open ${url}/console and sign in with ${config.consolePassword}`]),
  ]
}

function sampleBody(): string {
  return new URLSearchParams({
    fromUserId: '1001',
    toUserId: 'shop42',
    objectName: 'RC:TxtMsg',
    content: JSON.stringify({ content: '你好，请问有货吗？' }),
    channelType: 'PERSON',
    msgTimestamp: '1734595200123',
    msgUID: SAMPLE_UID,
    sensitiveType: '0',
    source: 'iOS',
  }).toString()
}

function signedQuery({ apps }: Config): string {
  const [app] = apps
  const [nonce, timestamp] = ['14314', String(Date.now())]
  const signature = nodeHashing.sha1(`${app?.secrets[0]}${nonce}${timestamp}`)
  return new URLSearchParams({ appKey: app?.appKey ?? '', timestamp, nonce, signature }).toString()
}
