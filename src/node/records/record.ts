/** A row of an old chat-records table, checked. */
import { z } from 'zod'
import { readTime } from '../../http/time.ts'
import type { OldRecord } from '../../ingest/import-records.ts'

// Messages to come get ids above it, and those have to be exact as numbers too.
const ID_MAX = 2 ** 52

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error: 'must be a whole number' })
    .refine(
      (id) => Number.isInteger(id) && id >= least && id <= most,
      `must be a whole number from ${least} to ${most}`,
    )

const text = z.union([z.string(), z.number().transform(String)], { error: 'is required' })

/** @throws Error naming every column that is wrong */
export function recordReader({ timeZone, appKeys }: { timeZone: string; appKeys: readonly string[] }) {
  const Row = z.object({
    id: whole(1, ID_MAX),
    seller_id: text.refine((id) => id !== '', 'cannot be blank'),
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
