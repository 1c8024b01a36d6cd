/** A row of an old chat-records table, checked. */
import { z } from 'zod'
import { LONG_ID_MAX, readLongId } from '../../domain/long-id.ts'
import { readTime } from '../../http/time.ts'
import type { OldRecord } from '../../ingest/import-records.ts'

// What a spreadsheet makes of a long number.
const ROUNDED = /^\d(?:[.,]\d+)?E\+\d+$/i

const lossOf = (written: string) =>
  `is written as ${written}, so digits of it are lost: save the column as text`

const whole = (least: 0 | 1) =>
  z.unknown().transform((written, context) => {
    const id = readLongId(written)
    if (id !== null && Number(id) >= least) return id
    context.addIssue(
      typeof written === 'string' && ROUNDED.test(written)
        ? lossOf(written)
        : `must be a whole number from ${least} to ${LONG_ID_MAX}, written in digits`,
    )
    return z.NEVER
  })

const number = z.union([z.bigint(), z.number().refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER)])
const text = z.union([z.string(), number.transform(String)], { error: 'is required' })

/** @throws Error naming every column that is wrong */
export function recordReader({ timeZone, appKeys }: { timeZone: string; appKeys: readonly string[] }) {
  const Row = z.object({
    id: whole(1),
    seller_id: text
      .refine((id) => id !== '', 'cannot be blank')
      .refine((id) => !ROUNDED.test(id), { error: ({ input }) => lossOf(String(input)) }),
    member_id: whole(0),
    addtime: text.transform((written, context) => {
      const span = readTime(written.trim(), timeZone)
      if (span) return span.fromMs
      context.addIssue('is not a time such as 2024-12-19 16:00:00')
      return z.NEVER
    }),
    cnt: z.string({ error: 'is required' }),
    messageType: z.string({ error: 'is required' }).min(1, 'cannot be blank'),
    sender: z.enum(['member', 'seller', ''], { error: 'must be member or seller' }).nullish(),
    app_key: z
      .string()
      .nullish()
      .transform((key) => (key ? key : appKeys[0]))
      .pipe(z.string({ error: 'is missing, and RONGCLOUD_APPS names no app' }))
      // A mistyped key must not start another app's archive.
      .refine((key) => appKeys.includes(key), 'is not one of RONGCLOUD_APPS'),
  })
  return (row: unknown): OldRecord => {
    const parsed = Row.safeParse(row)
    if (!parsed.success)
      throw new Error(
        parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
      )
    const { id, seller_id, member_id, addtime, cnt, messageType, sender, app_key } = parsed.data
    return {
      id,
      appKey: app_key,
      sellerId: seller_id,
      memberId: member_id,
      sentAtMs: addtime,
      cnt: cnt.toWellFormed(),
      messageType,
      sender: sender || 'member',
    }
  }
}
