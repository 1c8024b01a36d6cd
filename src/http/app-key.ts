/** Which app a request speaks of. */
import { invalidFields } from '../domain/errors.ts'
import type { Settings } from './deps.ts'

/** The app that is meant, the first one unless named. @throws ArchiveError when none is named and none configured */
export function appKeyOf({ apps }: Pick<Settings, 'apps'>, given: string | undefined): string {
  const appKey = given ?? apps[0]?.appKey
  if (appKey === undefined)
    throw invalidFields([{ field: 'appKey', message: 'is required: no app is configured' }])
  return appKey
}

/** The same where something is written: a mistyped key must not start another app's archive. */
export function configuredAppKeyOf(settings: Pick<Settings, 'apps'>, given: string | undefined): string {
  const appKey = appKeyOf(settings, given)
  if (settings.apps.some((app) => app.appKey === appKey)) return appKey
  throw invalidFields([{ field: 'appKey', message: 'is not one of RONGCLOUD_APPS' }])
}
