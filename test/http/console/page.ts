/** Markup as a browser reads it, and what must never be in it. */
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import { expect } from 'vitest'
import type { Html } from '../../../src/http/console/html.ts'
import { createView } from '../../../src/http/console/view.ts'

export const english = createView('en', 'Asia/Shanghai')
export const chinese = createView('zh', 'Asia/Shanghai')

type Tag = { name: string; attributes: Record<string, string> }
export type Element = Tag & { text: string }

export function elementsIn(html: Html): Element[] {
  return treeOf(html).map((element) =>
    Object.assign(tagOf(element), { text: [...walk(element)].filter(isText).map(textIn).join('') }),
  )
}

const treeOf = (html: Html) => [...walk(parseFragment(html.toString()))].filter(isElement)

const tagOf = ({ tagName, attrs }: Tree.Element): Tag => ({
  name: tagName,
  attributes: Object.fromEntries(attrs.map(({ name, value }) => [name, value])),
})

const INLINE = new Set('#text a b bdi code mark span strong time'.split(' '))

/** What is read on the page, blanks and line breaks as one blank. */
export function wordsIn(html: Html): string {
  const texts = [...walk(parseFragment(html.toString()))].map(
    (node) => (INLINE.has(node.nodeName) ? '' : ' ') + textIn(node),
  )
  return texts.join('').replaceAll(/\s+/g, ' ').trim()
}

export function addressesIn(html: Html): string[] {
  return treeOf(html)
    .map(tagOf)
    .flatMap(({ attributes: { href } }) => (href === undefined ? [] : [href]))
}

const HARMLESS = new Set(
  `a article audio b bdi blockquote code dd details div dl dt footer h2 header img li mark ol p pre span strong summary time
  ul`.split(/\s+/),
)
const ATTRIBUTES = new Set(
  `alt aria-current aria-hidden aria-label class controls datetime dir href id preload rel src tabindex target title`.split(
    /\s+/,
  ),
)
const OWN_PATH = /^(\/console\/[\w/]+|\/console\/conversations\/\d+\?message=\d+#message-\d+)$/

/** Nothing runs, nothing is loaded from elsewhere, and every link is one. */
export function expectHarmless(html: Html) {
  const tags = treeOf(html).map(tagOf)
  expect(tags.filter(({ name }) => !HARMLESS.has(name))).toEqual([])
  expect(
    tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => !ATTRIBUTES.has(name)),
  ).toEqual([])
  for (const { name, attributes } of tags) {
    // What is played is asked for when somebody presses a button.
    if (name === 'audio')
      expect(attributes).toMatchObject({ preload: 'none', src: expect.stringMatching(/^https?:/) })
    else if (attributes.src !== undefined)
      expect(attributes.src).toMatch(/^data:image\/jpeg;base64,[\w+/]+={0,2}$/)
    if (attributes.href !== undefined) expectLink(name, attributes)
  }
}

function expectLink(name: string, { href = '', rel, target }: Record<string, string>) {
  expect(name).toBe('a')
  if (OWN_PATH.test(href)) return
  expect(['http:', 'https:']).toContain(new URL(href).protocol)
  expect([rel, target]).toEqual(['noreferrer noopener', '_blank'])
}

function* walk(node: Tree.Node): Generator<Tree.Node> {
  yield node
  if ('childNodes' in node) for (const child of node.childNodes) yield* walk(child)
}

const isElement = (node: Tree.Node): node is Tree.Element => 'tagName' in node
const isText = (node: Tree.Node): node is Tree.TextNode => node.nodeName === '#text'
const textIn = (node: Tree.Node) => (isText(node) ? node.value : '')
