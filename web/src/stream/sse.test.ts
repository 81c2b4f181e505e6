import { expect, it } from 'vitest'
import { sseParser, type SseMessage } from './sse'

const kText = 'retry: 2000\nid: 7\n\n: still here\n\nid: 8\r\ndata: {"a":1}\r\n\r\nid: 9\ndata: one\ndata: two\n\n'
const kWanted: SseMessage[] = [
  { id: '7', data: '' },
  { id: '8', data: '{"a":1}' },
  { id: '9', data: 'one\ntwo' },
]

it('reads the same messages however the bytes are cut', () => {
  for (let size = 1; size <= kText.length; ++size) {
    const got: SseMessage[] = []
    const feed = sseParser((message) => got.push(message))
    for (let i = 0; i < kText.length; i += size) feed(kText.slice(i, i + size))
    expect(got, `pieces of ${size}`).toEqual(kWanted)
  }
})
