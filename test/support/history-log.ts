/** Records of RongCloud's hourly log, in the documented format. */
export type LoggedRecord = Record<string, unknown> & { msgUID: string }

export function aRecord(given: Partial<LoggedRecord> = {}): LoggedRecord {
  return {
    appId: 'uwd1c0sxdlx2',
    fromUserId: 'u1',
    targetId: 'shop_7',
    targetType: 1,
    classname: 'RC:TxtMsg',
    content: { content: '你好' },
    dateTime: '2024-12-19 16:00:00.123',
    source: 'iOS',
    isDiscard: 'false',
    isSensitiveWord: 'false',
    isForbidden: 'false',
    isNotForward: 'false',
    msgUID: 'LOG1-0000-0000-0001',
    ...given,
  }
}

export function linesOfRecords(records: readonly LoggedRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** A log file as it is handed to the importer. */
export function logFile(text: string | Uint8Array, name = 'log.txt') {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return { name, pieces: inPieces(bytes) }
}

// Pieces end wherever they like, also within a character.
async function* inPieces(bytes: Uint8Array, size = 61): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}
