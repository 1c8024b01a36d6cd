/** What uPlot.iife.min.js brings, loaded before a script that draws. */
import type Plot from 'uplot'

declare global {
  const uPlot: typeof Plot
}
