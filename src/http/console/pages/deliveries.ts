/** Callbacks kept aside, and what can be done about them. */
import { z } from 'zod'
import { DELIVERY_REASONS, findDelivery, listDeliveries, type Delivery } from '../../../archive/deliveries.ts'
import { ArchiveError } from '../../../domain/errors.ts'
import { replayDelivery } from '../../../ingest/replay.ts'
import { SETTLEMENTS, settleDelivery } from '../../../ingest/settle.ts'
import { cursorOf, toAnswer } from '../../api/cursor.ts'
import { storeDepsOf } from '../../deps.ts'
import { endpoint } from '../../endpoint.ts'
import { flag, integer, optional } from '../../parameters.ts'
import { answerPage } from '../answer.ts'
import { deliveryList, deliveryMain } from '../delivery.ts'
import { askedFor, type ConsoleDeps } from '../operators.ts'
import { pageLinks } from '../page-links.ts'
import { pageViewOf } from '../page-view.ts'
import { fillText } from '../words.ts'

const PAGE_SIZE = 50
const SECTION = 'deliveries'

const about = { tag: 'console', access: 'operator', errorShape: 'page' } as const
const answer = { description: 'The page.', contentType: 'text/html' }
const pathParameters = z.object({ id: integer })

export function deliveryEndpoints(deps: ConsoleDeps) {
  return [listEndpoint(deps), oneEndpoint(deps), replayEndpoint(deps), settleEndpoint(deps)]
}

function listEndpoint({ store, settings, note }: ConsoleDeps) {
  return endpoint({
    ...about,
    method: 'GET',
    path: '/console/deliveries',
    summary: 'Callbacks kept aside, newest first',
    query: z.object({
      reason: optional(z.enum(DELIVERY_REASONS)),
      replayed: optional(flag),
      cursor: cursorOf(z.tuple([z.int()])),
    }),
    answer,
    handle: async (request) => {
      const { c, query } = request
      await note(request, { action: 'deliveries', detail: askedFor(c) })
      const [before = null] = query.cursor ?? []
      const found = await listDeliveries(store, query, { before, limit: PAGE_SIZE })
      const page = toAnswer(found, { positionOf: ({ id }) => [id], toItem: (item) => item })
      const view = pageViewOf(c, settings.timeZone)
      const main = [deliveryList(page.items, query, view), pageLinks(page.next, view)]
      return answerPage(c, { title: view.pages.deliveries.title, section: SECTION, main }, view)
    },
  })
}

function oneEndpoint({ store, settings, note }: ConsoleDeps) {
  return endpoint({
    ...about,
    method: 'GET',
    path: '/console/deliveries/:id',
    summary: 'One callback kept aside',
    pathParameters,
    answer,
    handle: async (request) => {
      const { c, path } = request
      await note(request, { action: 'delivery', subjectId: path.id })
      const delivery = await getDelivery(store, path.id)
      const view = pageViewOf(c, settings.timeZone)
      const title = fillText(view.pages.deliveries.one, { id: path.id })
      return answerPage(c, { title, section: SECTION, main: deliveryMain(delivery, null, view) }, view)
    },
  })
}

/** First what it would do; whoever wants it for real says so. */
function replayEndpoint(deps: ConsoleDeps) {
  const { store, settings, note } = deps
  return endpoint({
    ...about,
    method: 'POST',
    path: '/console/deliveries/:id/replay',
    summary: 'Give a callback kept aside to the archive again',
    pathParameters,
    body: z.object({ dryRun: optional(flag) }),
    answer: { description: 'What it would do; once it is done, back to the callback.' },
    handle: async (request) => {
      const { c, path, body } = request
      const dryRun = body.dryRun !== false
      await note(request, { action: 'replay', subjectId: path.id, detail: `dryRun=${dryRun}` })
      const delivery = await getDelivery(store, path.id)
      const replayDeps = { ...storeDepsOf(deps), now: deps.now }
      const replayed = await replayDelivery(replayDeps, delivery, { dryRun })
      const here = `/console/deliveries/${path.id}`
      // So that loading the page again does not replay again.
      if (!dryRun) return c.redirect(here, 303)
      const view = pageViewOf(c, settings.timeZone)
      const title = fillText(view.pages.deliveries.one, { id: path.id })
      const main = deliveryMain(delivery, replayed, view)
      return answerPage(c, { title, section: SECTION, main, here }, view)
    },
  })
}

function settleEndpoint({ store, hashing, settings, now, note }: ConsoleDeps) {
  return endpoint({
    ...about,
    method: 'POST',
    path: '/console/deliveries/:id/settle',
    summary: 'Say what a callback kept aside is',
    pathParameters,
    body: z.object({ as: z.enum(SETTLEMENTS) }),
    answer: { description: 'Back to the callback.' },
    handle: async (request) => {
      const { c, path, body } = request
      await note(request, { action: 'settle', subjectId: path.id, detail: `as=${body.as}` })
      const delivery = await getDelivery(store, path.id)
      await settleDelivery({ ...settings, store, hashing, now }, delivery, body.as)
      return c.redirect(`/console/deliveries/${path.id}`, 303)
    },
  })
}

async function getDelivery(store: ConsoleDeps['store'], id: number): Promise<Delivery> {
  const delivery = await findDelivery(store, id)
  if (!delivery) throw new ArchiveError('not_found', `there is no delivery ${id}`)
  return delivery
}
