import { describe, expect, it } from 'vitest'
import { createJsonLog } from '../../src/domain/json-log.ts'
import { printable, printableJson, printableLines } from '../../src/domain/printable.ts'

// Escape, the CSI of eight bits, a line end, a turn of direction, a tag beyond the first plane, a line separator.
const FOREIGN = ['\u001b', '\u009b', '\r', '\u202e', '\u{e0041}', '\u2028']

const isPlain = (text: string) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)

describe('a name from outside', () => {
  it('is shown without what moves a cursor or turns the direction of writing', () => {
    for (const character of FOREIGN) expect(printable(`a${character}[2J`)).toBe('a\ufffd[2J')
    expect(printable('日志 2024.zip')).toBe('日志 2024.zip')
  })

  it('makes no line of its own in lines of text', () => {
    expect(printableLines(`one\ntwo${FOREIGN.join('')}`)).toBe(`one\ntwo${'\ufffd'.repeat(FOREIGN.length)}`)
  })

  it('is the same in JSON, written so that it shows', () => {
    const json = printableJson(JSON.stringify({ name: FOREIGN.join('') }))
    expect(isPlain(json)).toBe(true)
    expect(JSON.parse(json)).toEqual({ name: FOREIGN.join('') })
  })

  it('shows in the log', () => {
    const lines: string[] = []
    createJsonLog('info', (line) => lines.push(line)).info('seen', { name: FOREIGN.join('') })
    expect(lines.every(isPlain)).toBe(true)
    expect(JSON.parse(lines[0]!)).toMatchObject({ event: 'seen', name: FOREIGN.join('') })
  })
})
