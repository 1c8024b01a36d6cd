/** One thing that was looked at. `todo` is null when there is nothing to do. */
export type Finding = {
  about: string
  level: 'ok' | 'warn' | 'fail'
  what: string
  todo: string | null
}

export function ok(about: string, what: string): Finding {
  return { about, level: 'ok', what, todo: null }
}

export function warn(about: string, what: string, todo: string): Finding {
  return { about, level: 'warn', what, todo }
}

export function fail(about: string, what: string, todo: string): Finding {
  return { about, level: 'fail', what, todo }
}
