import { expect, it } from 'vitest'
import { BEIJING } from '../../../src/domain/log-zone.ts'
import { importLog } from '../../../src/ingest/import-log.ts'
import { hashing } from '../../support/hashing.ts'
import { aRecord, linesOfRecords, logFile } from '../../support/history-log.ts'
import { getJson } from '../../support/requests.ts'
import { openConsole } from './signed-in.ts'

it.each([
  ['en', 'nobody in particular'],
  ['zh', '无特定接收者'],
])('what is to nobody in particular has pages that say so (%s)', async (language, name) => {
  const { archive, page } = await openConsole()
  const deps = {
    store: archive.store,
    hashing,
    templates: { member: 'u{id}', seller: 'shop_{id}' },
    logZone: BEIJING,
  }
  const broadcast = aRecord({ targetId: undefined, content: { content: '放假通知' } })
  const how = { appKey: null, now: () => archive.clock.nowMs }
  await importLog(deps, logFile(linesOfRecords([broadcast])), how)
  const { items } = await getJson<{ items: { id: number; conversationId: number }[] }>(
    archive,
    '/api/v1/messages',
  )
  const [message] = items
  for (const path of [
    '/console',
    `/console/conversations/${message?.conversationId}`,
    `/console/search?q=${encodeURIComponent('放假')}`,
  ])
    expect([path, await page(path, { 'Accept-Language': language })]).toEqual([
      path,
      expect.stringContaining(name),
    ])
  expect(await page(`/console/messages/${message?.id}`)).toContain('放假通知')
})
