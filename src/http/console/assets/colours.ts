/** The console's colours, each in light and in dark. Text on its ground has a contrast of 4.5 or more; a test says so. */
export const COLOURS = {
  page: ['#f2f3f5', '#14171a'],
  ink: ['#16191d', '#e8eaed'],
  quiet: ['#565d66', '#a3abb5'],
  link: ['#0b57b0', '#8ab8ff'],
  line: ['#c9ced6', '#3a4048'],
  bubble: ['#ffffff', '#22272d'],
  own: ['#d9efd9', '#17402a'],
  bar: ['#e3e6ea', '#23282e'],
  inset: ['#f3f5f8', '#191d22'],
  mention: ['#fff0c2', '#4a3a07'],
  warning: ['#8c1d18', '#ffb4ab'],
  'warning-ground': ['#fce4e2', '#4a1512'],
  portrait: ['#ffffff', '#ffffff'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

/** Of the circles behind initials, the same by day and night. */
export const PORTRAIT_GROUNDS = [
  '#8c3b1f',
  '#7a4a00',
  '#4c6100',
  '#1f6b3a',
  '#00696e',
  '#1c5fa8',
  '#5b4bb0',
  '#92337f',
] as const

/** Of the lines of a plot, on the ground of a bubble. The last is of all the others. */
export const PLOT_COLOURS = [
  ['#0b57b0', '#8ab8ff'],
  ['#b35900', '#ffb066'],
  ['#1f7a3d', '#7fd69a'],
  ['#a3287a', '#f49ad2'],
  ['#00757f', '#63d4dd'],
  ['#7a4a00', '#d9b98a'],
  ['#5b4bb0', '#b9adff'],
  ['#c0271d', '#ff9a90'],
  ['#565d66', '#a3abb5'],
] as const

type Shade = 0 | 1

function declarations(shade: Shade): string {
  return Object.entries({
    ...COLOURS,
    ...Object.fromEntries(PLOT_COLOURS.map((shades, at) => [`plot-${at}`, shades])),
  })
    .map(([name, shades]) => `--${name}: ${shades[shade]};`)
    .join(' ')
}

/** What the system wants, unless `data-theme` on the root says otherwise. */
export const COLOURS_CSS = `
:root { color-scheme: light; ${declarations(0)} }
@media (prefers-color-scheme: dark) { :root:not([data-theme='light']) { color-scheme: dark; ${declarations(1)} } }
:root[data-theme='dark'] { color-scheme: dark; ${declarations(1)} }
${PORTRAIT_GROUNDS.map((ground, at) => `.portrait.colour-${at} { background: ${ground}; }`).join('\n')}
`
