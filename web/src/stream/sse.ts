// Reads server-sent events from a fetch body: unlike EventSource it sees the heartbeats, so a dead line is noticed.

export interface SseMessage {
  id: string | null
  data: string
}

// Feeds whole messages to `on`; returns what it needs for the next piece. Pure, one stream each.
export function sseParser(on: (message: SseMessage) => void): (piece: string) => void {
  let rest = ''
  let id: string | null = null
  let data: string[] = []
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0 || id !== null) on({ id, data: data.join('\n') })
      id = null
      data = []
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') id = value
    if (field === 'data') data.push(value)
  }
  return (piece) => {
    rest += piece
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    lines.forEach(line)
  }
}

export interface ConnectOptions {
  lastId: string | null
  silenceMs: number
  signal: AbortSignal
  onOpen: (resumed: boolean) => void
  onMessage: (message: SseMessage) => void
}

// Runs until the line ends, is silent for too long, or is aborted. Resolves with the HTTP status, 0 for a lost line.
export async function readStream(url: string, options: ConnectOptions): Promise<number> {
  const stop = new AbortController()
  const end = () => stop.abort()
  options.signal.addEventListener('abort', end)
  let watchdog = setTimeout(end, options.silenceMs)
  const alive = () => {
    clearTimeout(watchdog)
    watchdog = setTimeout(end, options.silenceMs)
  }
  try {
    const headers: Record<string, string> = { Accept: 'text/event-stream' }
    if (options.lastId !== null) headers['Last-Event-ID'] = options.lastId
    const response = await fetch(url, { headers, credentials: 'same-origin', cache: 'no-store', signal: stop.signal })
    if (!response.ok || !response.body) return response.status
    options.onOpen(options.lastId !== null)
    const feed = sseParser(options.onMessage)
    const decoder = new TextDecoder()
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return 0
      alive()
      feed(decoder.decode(value, { stream: true }))
    }
  } catch {
    return 0
  } finally {
    clearTimeout(watchdog)
    options.signal.removeEventListener('abort', end)
  }
}
