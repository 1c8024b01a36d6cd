import { expect, it } from 'vitest'
import { closeServer, listen } from '../../src/node/listen.ts'

it('a server goes on after errors, however many, and logs each', async () => {
  const logged: unknown[] = []
  const silent = () => undefined
  const log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (event: string, facts?: object) => void logged.push({ event, ...facts }),
  }
  const { server, port } = await listen(() => new Response('ok'), { host: '127.0.0.1', port: 0 }, log)
  for (const reason of ['accept EINVAL', 'accept ENOBUFS']) server.emit('error', new Error(reason))
  expect(logged).toMatchObject([{ reason: 'accept EINVAL' }, { reason: 'accept ENOBUFS' }])
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('ok')
  await closeServer(server)
})
