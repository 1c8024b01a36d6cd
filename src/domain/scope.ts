/** What an API key may do; `admin` may do everything. */
export const SCOPES = ['read', 'write', 'delete', 'metrics', 'admin'] as const
export type Scope = (typeof SCOPES)[number]
