import { z } from 'zod'
import { firstOf } from '../../archive/page.ts'
import { findSeller, listSellers, putSellers, type Seller } from '../../archive/sellers.ts'
import { ArchiveError } from '../../domain/errors.ts'
import { appKeyOf, configuredAppKeyOf } from '../app-key.ts'
import type { Deps } from '../deps.ts'
import { endpoint } from '../endpoint.ts'
import { optional, quantity, text } from '../parameters.ts'
import { cursorOf, pageSchema, toAnswer } from './cursor.ts'

const SELLERS_MAX = 1000

const appKey = optional(text).meta({ description: 'App key; the first configured app when left out.' })
const AppQuery = z.strictObject({ appKey })

const names = {
  shop_name: z
    .string()
    .nullish()
    .transform(blankIsNone)
    .meta({ override: { type: ['string', 'null'] } }),
  logo: z
    .string()
    .nullish()
    .transform(blankIsNone)
    .meta({ description: 'URL of the logo.', override: { type: ['string', 'null'] } }),
}
const SellerBody = z.strictObject(names)
const SellersBody = z
  .array(z.strictObject({ seller_id: text, ...names }), {
    error: 'must be an array of {seller_id, shop_name, logo}',
  })
  .max(SELLERS_MAX, `takes up to ${SELLERS_MAX} sellers at once`)

const SellerItem = z
  .object({ seller_id: z.string(), shop_name: z.string().nullable(), logo: z.string().nullable() })
  .meta({ id: 'Seller' })

const SellerPath = z.object({ sellerId: text })
const about = { tag: 'sellers', query: AppQuery } as const

export function sellerEndpoints(deps: Deps) {
  return [putOne(deps), putMany(deps), getOne(deps), listAll(deps)]
}

function putOne({ store, settings, now }: Deps) {
  return endpoint({
    ...about,
    method: 'PUT',
    path: '/api/v1/sellers/:sellerId',
    summary: 'Name a seller',
    access: { scope: 'write' },
    pathParameters: SellerPath,
    body: SellerBody,
    answer: { description: 'As it is now.', schema: SellerItem },
    handle: async ({ c, path, query, body }) => {
      const app = configuredAppKeyOf(settings, query.appKey)
      const seller = { sellerId: path.sellerId, shopName: body.shop_name, logo: body.logo }
      await putSellers(store, app, [seller], now())
      return c.json(toItem(seller))
    },
  })
}

function putMany({ store, settings, now }: Deps) {
  return endpoint({
    ...about,
    method: 'PUT',
    path: '/api/v1/sellers',
    summary: 'Name many sellers, all or none',
    access: { scope: 'write' },
    body: SellersBody,
    answer: { description: 'How many were stored.', schema: z.object({ stored: z.int() }) },
    handle: async ({ c, query, body }) => {
      const app = configuredAppKeyOf(settings, query.appKey)
      const sellers = body.map(({ seller_id, shop_name, logo }) => ({
        sellerId: seller_id,
        shopName: shop_name,
        logo,
      }))
      await putSellers(store, app, sellers, now())
      return c.json({ stored: sellers.length })
    },
  })
}

function getOne({ store, settings }: Deps) {
  return endpoint({
    ...about,
    method: 'GET',
    path: '/api/v1/sellers/:sellerId',
    summary: 'One named seller',
    access: { scope: 'read' },
    pathParameters: SellerPath,
    answer: { description: 'The seller.', schema: SellerItem },
    handle: async ({ c, path, query }) => {
      const seller = await findSeller(store, appKeyOf(settings, query.appKey), path.sellerId)
      if (!seller) throw new ArchiveError('not_found', `there is no seller ${path.sellerId}`)
      return c.json(toItem(seller))
    },
  })
}

function listAll({ store, settings }: Deps) {
  return endpoint({
    ...about,
    method: 'GET',
    path: '/api/v1/sellers',
    summary: 'Named sellers, by their id',
    access: { scope: 'read' },
    query: AppQuery.extend({
      cursor: cursorOf(z.tuple([z.string()])),
      limit: quantity({ usual: 50, most: SELLERS_MAX }),
    }),
    answer: { description: 'One page.', schema: pageSchema(SellerItem, 'SellerPage') },
    handle: async ({ c, query }) => {
      const [after = null] = query.cursor ?? []
      const sellers = await listSellers(store, appKeyOf(settings, query.appKey), {
        after,
        limit: query.limit + 1,
      })
      return c.json(
        toAnswer(firstOf(sellers, query.limit), { positionOf: ({ sellerId }) => [sellerId], toItem }),
      )
    },
  })
}

function toItem({ sellerId, shopName, logo }: Omit<Seller, 'appKey'>) {
  return { seller_id: sellerId, shop_name: shopName, logo }
}

function blankIsNone(given: string | null | undefined): string | null {
  return given || null
}
