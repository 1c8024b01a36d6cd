import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { KEYS, SETTINGS } from '../support/archive.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'

describe('a server that others can reach', () => {
  const askAs = async (server: ServerProcess, line: string, host: string) => {
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`${line}\r\nHost: ${host}\r\nAuthorization: Bearer ${KEYS.all}\r\nConnection: close\r\n\r\n`)
    return text(socket)
  }
  const LIST = '/chat-records/list?memberId=1&sellerId=a'

  it('says at its start that it wants PUBLIC_URL, and takes no host from a client', async () => {
    const settings = { ...SETTINGS, DATABASE_PATH: join(temporaryFolder(), 'archive.db') }
    const server = await startServerProcess({ ...settings, HOST: '0.0.0.0' })
    expect(server.printed().match(/PUBLIC_URL is not set/g)).toHaveLength(1)
    for (const line of [`GET ${LIST} HTTP/1.1`, `GET http://evil.example${LIST} HTTP/1.1`]) {
      const answer = await askAs(server, line, 'evil.example')
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
      expect(answer).toMatch(/link: <\/chat-records\/list\?/i)
      expect(answer).not.toContain('evil.example')
    }
  })

  it('says so behind a proxy too, whose word it takes for the host', async () => {
    const settings = { ...SETTINGS, DATABASE_PATH: join(temporaryFolder(), 'archive.db') }
    const server = await startServerProcess({ ...settings, TRUSTED_PROXIES: '127.0.0.1' })
    expect(server.printed()).toContain('name the host that a proxy of TRUSTED_PROXIES forwards')
  })

  it.each([
    ['PUBLIC_URL is there', { HOST: '0.0.0.0', PUBLIC_URL: 'https://archive.example' }],
    [
      'PUBLIC_URL is there, and a proxy',
      { TRUSTED_PROXIES: '127.0.0.1', PUBLIC_URL: 'https://archive.example' },
    ],
    ['it listens on this machine alone', { HOST: '127.0.0.1' }],
  ])('says nothing when %s', async (_when, own) => {
    const settings = { ...SETTINGS, DATABASE_PATH: join(temporaryFolder(), 'archive.db') }
    const server = await startServerProcess({ ...settings, ...own })
    expect(server.printed()).not.toContain('PUBLIC_URL')
  })
})
