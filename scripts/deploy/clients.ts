/** The archive that is asked, and who asks it. */

export const NAME = 'archive.example.com'
export const APP = { appKey: 'checked-app', secret: 'checked-app-secret' }
export const API_KEY = 'a-key-of-nobody-else'
export const CONSOLE_PASSWORD = 'a-password-of-nobody-else'

/** Addresses of this machine, as which the checks ask. */
export const FROM = {
  ownBackEnd: '127.0.0.1',
  rongCloud: '127.0.0.2',
  stranger: '127.0.0.3',
  /** Names the client that it asks for in `X-Client`. */
  balancer: '127.0.0.4',
  flood: '127.0.0.5',
}
