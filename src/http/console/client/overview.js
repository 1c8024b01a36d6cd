// Draws the table of numbers. The table stays: it is what is read where nothing can be drawn.

const HEIGHT = 320
// Lines are told apart by more than their colour.
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4]]
const WIDTHS = [2, 2, 2, 2, 3, 3, 3, 3, 2]

/** @param {HTMLTableElement} table */
function read(table) {
  const rows = [...(table.tBodies[0]?.rows ?? [])]
  const texts = (/** @type {Iterable<Element>} */ cells) =>
    Array.from(cells, (cell) => cell.textContent.trim())
  const [, ...names] = texts(table.tHead?.rows[0]?.cells ?? [])
  const times = rows.map((row) => texts([...row.cells].slice(0, 1))[0] ?? '')
  const values = names.map((_, at) => rows.map((row) => Number(row.cells[at + 1]?.textContent)))
  return { names, times, values, time: table.tHead?.rows[0]?.cells[0]?.textContent ?? '' }
}

/** @param {HTMLElement} place @param {ReturnType<typeof read>} read */
function draw(place, { names, times, values, time }) {
  const style = getComputedStyle(document.documentElement)
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`)
  const number = new Intl.NumberFormat(document.documentElement.lang)
  const axis = {
    stroke: colour('quiet'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
  }
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      padding: [8, 16, 0, 0],
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.05] } },
      cursor: { drag: { x: false, y: false } },
      axes: [
        {
          ...axis,
          space: 96,
          incrs: [1, 2, 3, 6, 12, 24, 48, 96, 192],
          values: (_, splits) => splits.map((at) => times[at] ?? ''),
        },
        {
          ...axis,
          size: 64,
          incrs: [1, 2, 5]
            .flatMap((each) => Array.from({ length: 10 }, (_, power) => each * 10 ** power))
            .toSorted((one, other) => one - other),
          values: (_, splits) => splits.map((value) => number.format(value)),
        },
      ],
      series: [
        { label: time, value: (_, at) => times[at] ?? '' },
        ...names.map((label, at) => ({
          label,
          stroke: colour(`plot-${at}`),
          width: WIDTHS[at] ?? 2,
          dash: DASHES[at] ?? [],
          points: { show: times.length < 40, size: 5 },
          value: (/** @type {unknown} */ _, /** @type {number} */ value) => number.format(value),
        })),
      ],
    },
    [times.map((_, at) => at), ...values],
    place,
  )
  const showLast = () => plot.setLegend({ idx: times.length - 1 })
  showLast()
  plot.over.addEventListener('mouseleave', showLast)
  return plot
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-plot-of]'))) {
  const table = document.getElementById(place.dataset.plotOf ?? '')
  if (table instanceof HTMLTableElement && table.rows[0]?.cells[1]) show(place, read(table))
}

/** @param {HTMLElement} place @param {ReturnType<typeof read>} numbers */
function show(place, numbers) {
  // An empty place is not shown, and what is not shown has no width.
  place.append(document.createElement('div'))
  let plot = draw(place, numbers)
  new ResizeObserver(() => {
    if (place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: HEIGHT })
  }).observe(place)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    plot.destroy()
    plot = draw(place, numbers)
  })
}
