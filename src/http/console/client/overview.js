// Draws the table of numbers. The table stays: it is what is read where nothing can be drawn.

const HEIGHT = 320

// Lines are told apart by more than their colour: each has a pattern, the second half is thicker.
const PATTERNS = /** @type {const} */ ([
  ['solid', []],
  ['dashed', [9, 4]],
  ['dotted', [2, 3]],
  ['double', [12, 3, 2, 3]],
])
const patternOf = (/** @type {number} */ line) => PATTERNS[line % PATTERNS.length] ?? PATTERNS[0]

/** @param {Element | undefined} cell */
function textOf(cell) {
  return cell?.textContent.trim() ?? ''
}

/** @typedef {ReturnType<typeof read>} Numbers */

/** @param {HTMLTableElement} table */
function read(table) {
  const rows = [...(table.tBodies[0]?.rows ?? [])]
  const [time, ...names] = [...(table.tHead?.rows[0]?.cells ?? [])].map(textOf)
  const times = rows.map((row) => textOf(row.cells[0]))
  const columns = names.map((_, at) => rows.map((row) => Number(row.cells[at + 1]?.textContent)))
  return { time: time ?? '', times, names, columns }
}

/** @param {HTMLElement} place @param {Numbers} numbers */
function draw(place, { time, times, names, columns }) {
  const style = getComputedStyle(document.documentElement)
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`)
  const number = new Intl.NumberFormat(document.documentElement.lang)
  const line = { stroke: colour('line'), width: 1 }
  const axis = { stroke: colour('quiet'), grid: line, ticks: line }

  /** Where no moment is pointed at, the sum of all. @returns {import('uplot').Series} */
  function seriesOf(/** @type {string} */ label, /** @type {number} */ at) {
    const total = (columns[at] ?? []).reduce((sum, value) => sum + value, 0)
    return {
      label,
      stroke: colour(`plot-${at}`),
      width: at < PATTERNS.length ? 2 : 3,
      dash: [...patternOf(at)[1]],
      points: { show: times.length < 2 },
      value: (_, value) => number.format(value ?? total),
    }
  }

  return new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      padding: [8, 16, 0, 0],
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.05] } },
      cursor: { drag: { x: false, y: false } },
      legend: { markers: { width: 3, dash: (_, at) => patternOf(at - 1)[0] } },
      axes: [
        {
          ...axis,
          space: 96,
          incrs: [1, 2, 3, 6, 12, 24, 48, 96],
          values: (_, places) => places.map((at) => times[at] ?? ''),
        },
        {
          ...axis,
          size: 64,
          values: (_, values) => values.map((value) => (Number.isInteger(value) ? number.format(value) : '')),
        },
      ],
      series: [
        { label: time, value: (_, at) => times[at] ?? `${times[0]} – ${times.at(-1)}` },
        ...names.map(seriesOf),
      ],
    },
    [times.map((_, at) => at), ...columns],
    place,
  )
}

/** @param {HTMLElement} place @param {Numbers} numbers */
function show(place, numbers) {
  place.hidden = false
  let plot = draw(place, numbers)
  const fit = () => {
    if (place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: HEIGHT })
  }
  // In the next frame: a change of size within the observer's own is an error to browsers.
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(place)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    plot.destroy()
    plot = draw(place, numbers)
  })
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-plot-of]'))) {
  const table = document.getElementById(place.dataset.plotOf ?? '')
  if (table instanceof HTMLTableElement && table.rows[0]?.cells[1]) show(place, read(table))
}
