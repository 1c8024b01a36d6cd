/** Page numbers, links and headers as Yii2 (2.0.39 and later) gives them. */
import type { Context } from 'hono'
import { z } from 'zod'

const PAGE_SIZE = 50
const PAGE_SIZE_MAX = 500

/** Never refused: what is no page is the first one, what is no size is 1 (design §8). */
export const pageParameters = {
  page: z
    .string()
    .optional()
    .meta({
      description: 'From 1; a page beyond the end is the last one.',
      override: { type: 'integer', default: 1 },
    }),
  pageSize: z
    .string()
    .optional()
    .meta({
      description: 'Records a page.',
      override: { type: 'integer', minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE },
    }),
}

export type Page = {
  totalCount: number
  pageCount: number
  currentPage: number
  perPage: number
  /** Records before this page. */
  offset: number
  /** All of it, whatever the number: its links name no page. */
  whole: boolean
}

type Asked = { page?: string | undefined; pageSize?: string | undefined }

export function pageOf({ page, pageSize }: Asked, totalCount: number): Page {
  const perPage =
    pageSize === undefined ? PAGE_SIZE : Math.min(Math.max(toInteger(pageSize), 1), PAGE_SIZE_MAX)
  return { ...cut(totalCount, perPage, page === undefined ? 1 : toInteger(page)), whole: false }
}

/** All of it as one page. */
export function wholePage(totalCount: number): Page {
  return { ...cut(totalCount, Math.max(totalCount, 1), 1), whole: true }
}

function cut(totalCount: number, perPage: number, page: number): Omit<Page, 'whole'> {
  const pageCount = Math.ceil(totalCount / perPage)
  const currentPage = Math.max(1, Math.min(page, pageCount))
  return { totalCount, pageCount, currentPage, perPage, offset: (currentPage - 1) * perPage }
}

function toInteger(text: string): number {
  return /^-?\d+(\.\d*)?$/.test(text.trim()) ? Math.trunc(Number(text)) : 0
}

export type Links = Partial<Record<'self' | 'first' | 'last' | 'prev' | 'next', { href: string }>>

/**
 * In Yii's order; all parameters of the request stay.
 * @param url what the client called
 * @param hrefOf how a link is written
 */
export function linksOf(
  url: URL,
  { pageCount, currentPage, perPage, whole }: Page,
  hrefOf: (url: URL) => string,
): Links {
  const to = (page: number) => {
    const link = new URL(url)
    if (!whole) link.searchParams.set('page', String(page))
    if (link.searchParams.has('pageSize')) link.searchParams.set('pageSize', String(perPage))
    return { href: hrefOf(link) }
  }
  if (pageCount === 0) return { self: to(1) }
  return {
    self: to(currentPage),
    first: to(1),
    last: to(pageCount),
    ...(currentPage > 1 && { prev: to(currentPage - 1) }),
    ...(currentPage < pageCount && { next: to(currentPage + 1) }),
  }
}

export function setPageHeaders(c: Context, page: Page, links: Links): void {
  c.header('X-Pagination-Total-Count', String(page.totalCount))
  c.header('X-Pagination-Page-Count', String(page.pageCount))
  c.header('X-Pagination-Current-Page', String(page.currentPage))
  c.header('X-Pagination-Per-Page', String(page.perPage))
  c.header(
    'Link',
    Object.entries(links)
      .map(([rel, { href }]) => `<${href}>; rel=${rel}`)
      .join(', '),
  )
}
