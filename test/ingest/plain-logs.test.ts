import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { createJudge, guarded } from '../../src/http/outbound.ts'
import { fetchLogs, type FetchDeps } from '../../src/ingest/fetch-logs.ts'
import { getJson } from '../support/requests.ts'
import { aFetching, HOUR, HOUR_MS } from '../support/log-fetching.ts'

/** RongCloud names this address for the log of an hour; `hosts` are what the operator allows, `next` is where it redirects to. */
async function aLogAt(address: string, hosts: string, next?: string) {
  const { api, deps, ...rest } = await aFetching()
  const { serverApi } = parseConfig({ RONGCLOUD_LOG_HOSTS: hosts })
  const file = api.files.get(HOUR)!
  const serve = (url: string) =>
    url === address && next !== undefined
      ? new Response(null, { status: 302, headers: { Location: next } })
      : new Response(new Uint8Array(file))
  const download = guarded((url) => Promise.resolve(serve(url)), serverApi!.reaches)
  const fetching: FetchDeps = {
    ...deps,
    isTrusted: createJudge(serverApi!.reaches, { looksUp: false }).isTrusted,
    network: {
      ...deps.network,
      fetch: (url, init) => (url.startsWith(api.url) ? deps.network.fetch(url, init) : download(url, init)),
    },
  }
  const name = () => void api.answers.push(() => Response.json({ code: 200, url: address, date: HOUR }))
  return { api, deps: fetching, name, ...rest }
}

describe('a log', () => {
  it.each([
    ['https://log.ronghub.com/x.zip', ''],
    ['http://log.ronghub.com/x.zip', 'log.ronghub.com'],
    ['http://log.ronghub.com/x.zip', '*.ronghub.com'],
    ['http://203.0.113.9/x.zip', '203.0.113.0/24'],
  ])('from %s proves its hour where %j are allowed', async (address, hosts) => {
    const { deps, name, proven } = await aLogAt(address, hosts)
    name()
    expect(await fetchLogs(deps, { hours: [HOUR_MS] })).toMatchObject([{ counts: { read: 2 }, reason: null }])
    expect(await proven()).toEqual([HOUR_MS])
  })

  it.each([
    ['http://log.ronghub.com/x.zip', '', undefined],
    ['http://log.ronghub.com/x.zip', 'other.ronghub.com', undefined],
    ['http://log.ronghub.com/x.zip', '', 'https://log.ronghub.com/y.zip'],
    ['https://api.rong-api.com/x.zip', '', 'http://log.ronghub.com/y.zip'],
  ])(
    'from %s is imported, and its hour is a gap, where %j are allowed, by %s',
    async (address, hosts, next) => {
      const { archive, deps, name, proofs, proven } = await aLogAt(address, hosts, next)
      name()
      const [hour] = await fetchLogs(deps, { hours: [HOUR_MS] })
      expect(hour?.counts).toBeNull()
      expect(hour?.reason).toMatch(
        /^the log came over plain http .*: log\.ronghub\.com;.*RONGCLOUD_LOG_HOSTS/,
      )
      expect(await proven()).toEqual([])
      expect(await proofs()).toMatchObject([{ read: 2, filled: 2, overPlainHttp: true }])
      const { items } = await getJson<{ items: unknown[] }>(archive, '/api/v1/messages?origin=history_log')
      expect(items).toHaveLength(2)
    },
  )

  it('that came so is asked for again by who insists, and proves its hour once its host is allowed', async () => {
    const { api, deps, name, proven } = await aLogAt('http://log.ronghub.com/x.zip', '')
    name()
    await fetchLogs(deps, { hours: [HOUR_MS] })
    api.asked.length = 0
    await fetchLogs(deps)
    expect(api.asked).not.toContain(HOUR)
    await fetchLogs({ ...deps, isTrusted: () => true }, { insist: true })
    expect(api.asked).toContain(HOUR)
    expect(await proven()).toContain(HOUR_MS)
  })
})
