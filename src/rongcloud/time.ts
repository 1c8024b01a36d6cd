/** Ten digits are seconds, thirteen milliseconds; anything else is no time of RongCloud's (protocol §11.3). */
export function toMilliseconds(digits: string): number | null {
  if (/^\d{13}$/.test(digits)) return Number(digits)
  return /^\d{10}$/.test(digits) ? Number(digits) * 1000 : null
}
