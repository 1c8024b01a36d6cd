/** Member ids in answers. Every other id is an integer below 2^53 and always a number. */
import { z } from 'zod'
import { IDS_AS } from '../domain/long-id.ts'
import { optional } from './parameters.ts'

/** The parameter of every endpoint that gives member ids. */
export const idsAs = optional(z.enum(IDS_AS, { error: `must be one of ${IDS_AS.join(', ')}` })).meta({
  description:
    'Member ids as numbers, beyond 2^53 - 1 as strings; or always as strings. As IDS_AS says unless given.',
})

export const MemberIdOut = z.union([z.int().min(0), z.string()]).meta({
  description: 'A number, beyond 2^53 - 1 a string; always a string when idsAs or IDS_AS says so.',
})
