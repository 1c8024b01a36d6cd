/**
 * What of a message is a file: the voice that lies in its content, and content too long to show. Browsers do not follow
 * links to data URLs, so both have an address of their own; here is what is served there.
 */
import { parseJson, stringAt } from '../../../rongcloud/message-types/readable-text.ts'

export type Download = { body: Uint8Array<ArrayBuffer> | string; headers: Record<string, string> }

export function voicePath(id: number): string {
  return `/console/messages/${id}/voice`
}

export function wholeContentPath(id: number): string {
  return `/console/messages/${id}/content`
}

/** The AMR file of an RC:VcMsg, or null when there is none in it. */
export function voiceDownload(message: { id: number; objectName: string; content: string }): Download | null {
  const base64 = stringAt(parseJson(message.content), 'content')
  if (message.objectName !== 'RC:VcMsg' || base64 === null || !isBase64(base64)) return null
  const body = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
  return { body, headers: asFile('audio/amr', `voice-${message.id}.amr`) }
}

/** Exactly what was received, and nothing that a browser would run. */
export function contentDownload({ id, content }: { id: number; content: string }): Download {
  return { body: content, headers: asFile('text/plain; charset=utf-8', `message-${id}.txt`) }
}

function asFile(contentType: string, name: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Disposition': `attachment; filename="${name}"`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  }
}

/** As a data URL or a decoder takes it: with or without padding, but a remainder of one stands for no byte. */
export function isBase64(text: string): boolean {
  const compact = text.replaceAll(/[\r\n]/g, '')
  return /^[A-Za-z\d+/]+={0,2}$/.test(compact) && compact.replace(/=+$/, '').length % 4 !== 1
}
