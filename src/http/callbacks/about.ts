/** For people and programs that open a callback address before they enter it into RongCloud's console. */
import { endpoint, type Endpoint } from '../endpoint.ts'

export function aboutCallback({ path, summary }: Pick<Endpoint, 'path' | 'summary'>) {
  return endpoint({
    method: 'GET',
    path,
    tag: 'callbacks',
    summary: `What RongCloud sends to ${path}`,
    description: 'One line for whoever looks before they enter the address. Nothing is counted.',
    access: 'public',
    answer: { description: 'One line.', contentType: 'text/plain' },
    handle: ({ c }) => c.text(`${summary}. RongCloud sends its signed callbacks here by POST.\n`),
  })
}
