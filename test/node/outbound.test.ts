import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { createOutbound } from '../../src/node/outbound.ts'

type Found = { address: string; family: number }
type Answer = (error: Error | null, found: Found[]) => void

/** Names lead where the test says; who looks up again is led elsewhere. */
function outboundWith(RONGCLOUD_LOG_HOSTS: string, ...led: string[]) {
  const { serverApi } = parseConfig({ RONGCLOUD_LOG_HOSTS })
  const asked: string[] = []
  const resolve = (host: string, _options: object, done: Answer) => {
    asked.push(host)
    const address = led.length > 1 ? led.shift()! : led[0]!
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
  }
  return { ...createOutbound(serverApi!.reaches, { resolve: resolve as never }), asked }
}

async function aServer() {
  const requests: { method: string; body: string; headers: NodeJS.Dict<string | string[]> }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      requests.push({ method: request.method!, body, headers: request.headers })
      if (request.url === '/moved') response.writeHead(302, { Location: '/x' }).end()
      else if (request.url === '/none') response.writeHead(204).end()
      else if (request.url === '/gzip')
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('packed'))
      else if (request.url === '/hang') response.writeHead(200).write('x')
      else response.end('here')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, requests }
}

describe('a call to another host', () => {
  it('goes to the address that was checked, and sends what it is given', async () => {
    const { port, requests } = await aServer()
    const { fetch, asked } = outboundWith('logs.example.com', '127.0.0.1')
    const answer = await fetch(`http://logs.example.com:${port}/x`, {
      method: 'POST',
      headers: { 'App-Key': 'a' },
      body: 'date=2024121916',
    })
    expect([answer.status, await answer.text(), asked]).toEqual([200, 'here', ['logs.example.com']])
    expect(requests).toMatchObject([
      { method: 'POST', body: 'date=2024121916', headers: { 'app-key': 'a', 'content-length': '15' } },
    ])
  })

  it.each([
    ['a wildcard', '*.example.com'],
    ['a range that has it not', '203.0.113.0/24'],
  ])('is not made where a name that %s allows leads to this machine', async (_what, hosts) => {
    const { port, requests } = await aServer()
    const { fetch, check } = outboundWith(hosts, '127.0.0.1')
    const refusal = /logs\.example\.com leads to 127\.0\.0\.1.*add 127\.0\.0\.1 to RONGCLOUD_LOG_HOSTS/
    await expect(fetch(`http://logs.example.com:${port}/`, {})).rejects.toThrow(refusal)
    await expect(check(new URL('http://logs.example.com/'))).rejects.toThrow(refusal)
    expect(requests).toEqual([])
  })

  it('is judged by the look-up that it goes by, though another said otherwise', async () => {
    const { port, requests } = await aServer()
    const { fetch, check } = outboundWith('*.example.com', '203.0.114.9', '127.0.0.1')
    await check(new URL('http://logs.example.com/'))
    await expect(fetch(`http://logs.example.com:${port}/`, {})).rejects.toThrow(/not public/)
    expect(requests).toEqual([])
  })

  it('is made where the address is listed, whatever name led there', async () => {
    const { port } = await aServer()
    const { fetch } = outboundWith('127.0.0.0/8', '127.0.0.1')
    expect(await (await fetch(`http://whatever.example.net:${port}/`, {})).text()).toBe('here')
    expect(await (await fetch(`http://127.0.0.1:${port}/`, {})).text()).toBe('here')
  })

  it('follows no redirect, unpacks nothing, and takes an answer without a body', async () => {
    const { port } = await aServer()
    const { fetch } = outboundWith('127.0.0.1', '127.0.0.1')
    const moved = await fetch(`http://127.0.0.1:${port}/moved`, {})
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/x'])
    await moved.body?.cancel()
    expect((await fetch(`http://127.0.0.1:${port}/none`, {})).body).toBeNull()
    const packed = new Uint8Array(await (await fetch(`http://127.0.0.1:${port}/gzip`, {})).arrayBuffer())
    expect([...packed.subarray(0, 2)]).toEqual([0x1f, 0x8b])
  })

  it('ends when it is told to, also while it is answered', async () => {
    const { port } = await aServer()
    const { fetch } = outboundWith('127.0.0.1', '127.0.0.1')
    const ending = new AbortController()
    const answer = await fetch(`http://127.0.0.1:${port}/hang`, { signal: ending.signal })
    const read = answer.text()
    ending.abort()
    await expect(read).rejects.toThrow()
    await expect(fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort() })).rejects.toThrow()
    await expect(fetch('http://127.0.0.1:1/', {})).rejects.toThrow(/ECONNREFUSED/)
  })
})
