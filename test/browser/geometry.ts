/** Where things are on a page, as its reader sees them. */
import type { Page } from 'playwright-core'

/** What is wrong with how messages lie on the page, one line for each; nothing when each is inside its own box. */
export function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = []
    const main = document.querySelector('main')?.getBoundingClientRect() ?? new DOMRect()
    const messages = [...document.querySelectorAll<HTMLElement>('article.message')]
    let lowest = -Infinity
    for (const message of messages) {
      const box = message.getBoundingClientRect()
      if (box.top < lowest - 1) wrong.push(`${message.id} covers the message before it`)
      if (box.left < main.left - 1 || box.right > main.right + 1) wrong.push(`${message.id} is too wide`)
      lowest = box.bottom
      for (const content of message.querySelectorAll('.body, .content')) {
        const { left, right, bottom } = content.getBoundingClientRect()
        if (left < box.left - 1 || right > box.right + 1 || bottom > box.bottom + 1)
          wrong.push(`${message.id} does not hold its ${content.className}`)
      }
    }
    return wrong
  })
}

/** What makes the page wider than its window, one line for each; nothing when one need not scroll sideways. */
export function overhanging(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((each) => each.getBoundingClientRect().right > clientWidth + 0.5)
      .map(
        (each) => `${each.tagName} ${each.className} by ${each.getBoundingClientRect().right - clientWidth}`,
      )
  })
}
