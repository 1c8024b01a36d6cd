import { expect, it } from 'vitest'
import { BEIJING, UTC } from '../../src/domain/log-zone.ts'
import { DATA_CENTRE_NAMES, serverApiOf } from '../../src/rongcloud/history-log/server-api.ts'

const PAIRS = {
  beijing: ['https://api.rong-api.com', 'https://api-b.rong-api.com'],
  singapore: ['https://api.sg-light-api.com', 'https://api-b.sg-light-api.com'],
  'singapore-b': ['https://api.sg-b-light-api.com', 'https://api-b.sg-b-light-api.com'],
  'north-america': ['https://api.us-light-api.com', 'https://api-b.us-light-api.com'],
  'saudi-arabia': ['https://api.sau-light-api.com', 'https://api-b.sau-light-api.com'],
}

it.each(Object.entries(PAIRS))('%s is asked at its host, then at its backup', (name, hosts) => {
  expect(serverApiOf(name)).toMatchObject({ hosts, reaches: { named: [], ranges: [] } })
})

it('no data centre is left out', () => {
  expect(DATA_CENTRE_NAMES).toEqual(Object.keys(PAIRS))
})

it('writes the logs of Beijing in its time, of overseas in UTC, and of any other URL in that of Beijing', () => {
  expect(DATA_CENTRE_NAMES.map((name) => serverApiOf(name)?.logZone)).toEqual([BEIJING, UTC, UTC, UTC, UTC])
  expect(serverApiOf('http://127.0.0.1:4000')).toMatchObject({
    logZone: BEIJING,
    reaches: { named: ['127.0.0.1:4000'] },
  })
})

it('writes the logs of a data centre in its zone also where its host is given as a URL', () => {
  const zones = ['https://api-b.sg-light-api.com/', 'http://api.us-light-api.com', 'https://api.rong-api.com']
  expect(zones.map((url) => serverApiOf(url)?.logZone)).toEqual([UTC, UTC, BEIJING])
})
