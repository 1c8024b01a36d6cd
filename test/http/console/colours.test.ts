import { describe, expect, it } from 'vitest'
import { COLOURS, PLOT_COLOURS, PORTRAIT_GROUNDS } from '../../../src/http/console/assets/colours.ts'
import { MESSAGES_CSS } from '../../../src/http/console/assets/messages-css.ts'

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const { portrait, mention, warning, 'warning-ground': warningGround, line: _, ...rest } = COLOURS
const { ink, quiet, link, ...grounds } = rest

const pairs = [
  ...Object.entries({ ink, quiet, link, warning }).flatMap(([name, text]) =>
    Object.entries(grounds).map(([ground, colours]) => [name, text, ground, colours] as const),
  ),
  ['warning', warning, 'warning-ground', warningGround] as const,
  ['ink', ink, 'mention', mention] as const,
  ...PORTRAIT_GROUNDS.map((ground) => ['portrait', portrait, ground, [ground, ground]] as const),
]

describe('the colours', () => {
  it.each(pairs)('let %s %j be read on %s %j', (_name, text, _ground, ground) => {
    expect(contrast(text[0], ground[0])).toBeGreaterThanOrEqual(4.5)
    expect(contrast(text[1], ground[1])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(PLOT_COLOURS)('let a line of %s or %s be seen', (light, dark) => {
    expect(contrast(light, COLOURS.bubble[0])).toBeGreaterThanOrEqual(3)
    expect(contrast(dark, COLOURS.bubble[1])).toBeGreaterThanOrEqual(3)
  })

  it('are all that the style sheet uses, and it loads nothing', () => {
    const used = Array.from(MESSAGES_CSS.matchAll(/var\(--([\w-]+)\)/g), ([, name]) => name)
    expect([...new Set(used)].filter((name) => !(name && name in COLOURS))).toEqual([])
    expect(MESSAGES_CSS).not.toMatch(/url\(|@import|https?:/)
  })
})
