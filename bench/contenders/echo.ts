/** The limit of HTTP: bare Hono that reads the body and answers. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.post('/callbacks/messages', async (c) => {
  await c.req.arrayBuffer()
  return c.text('ok')
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) }, ({ port }) =>
  process.stdout.write(`listens on http://127.0.0.1:${port}\n`),
)
