/** An address that may not be called: the message names the host, and the setting that would allow it. */
export class HostRefused extends Error {
  override name = 'HostRefused'
}
