// One connection a browser, shared by its tabs: whoever holds the lock reads the stream and passes it on.
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { identity } from '@/api/client'
import type { StreamRecord } from '@/api/types'
import { readStream } from './sse'

export type LiveState = 'off' | 'connecting' | 'live' | 'stale'
type Passed =
  | { kind: 'record'; id: string; record: StreamRecord }
  | { kind: 'state'; state: LiveState; since: number }
  | { kind: 'resync' }
  | { kind: 'hello' }

const kSilenceMs = 40_000 // the node sends a heartbeat every 15 s
const kRetryMs = [500, 1000, 2000, 4000, 8000]

export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('off')
  // Since when the state holds, by this device's clock.
  const since = ref(Date.now())
  const onRecord = new Set<(record: StreamRecord) => void>()
  const onResync = new Set<() => void>()
  let lastId: string | null = null
  let stop: AbortController | null = null
  let channel: BroadcastChannel | null = null
  let leading = false

  function become(next: LiveState, at = Date.now()): void {
    if (state.value === next) return
    state.value = next
    since.value = at
    if (leading) pass({ kind: 'state', state: next, since: at })
  }
  function pass(message: Passed): void {
    channel?.postMessage(message)
  }
  function resync(): void {
    onResync.forEach((tell) => tell())
    if (leading) pass({ kind: 'resync' })
  }
  function deliver(id: string, record: StreamRecord): void {
    lastId = id
    onRecord.forEach((tell) => tell(record))
  }

  async function lead(signal: AbortSignal): Promise<void> {
    leading = true
    let tries = 0
    become('connecting')
    while (!signal.aborted) {
      // The browser knows before the line does that the network is gone.
      const line = new AbortController()
      const cut = () => line.abort()
      signal.addEventListener('abort', cut)
      window.addEventListener('offline', cut)
      const status = await readStream('/api/v1/stream', {
        lastId,
        silenceMs: kSilenceMs,
        signal: line.signal,
        onOpen: (resumed) => {
          tries = 0
          become('live')
          // Without a place to resume from something may have passed unseen: everybody looks again.
          if (!resumed) resync()
        },
        onMessage: ({ id, data }) => {
          if (id !== null) lastId = id
          if (!data || id === null) return
          const record = JSON.parse(data) as StreamRecord
          deliver(id, record)
          pass({ kind: 'record', id, record })
        },
      })
      window.removeEventListener('offline', cut)
      signal.removeEventListener('abort', cut)
      if (signal.aborted) break
      become('stale')
      if (status === 401) {
        identity.onSignedOut() // the session was ended elsewhere: said at once, not at the next touch
        break
      }
      await pause(kRetryMs[Math.min(tries++, kRetryMs.length - 1)] ?? 8000, signal)
    }
    leading = false
  }

  function follow(message: Passed): void {
    if (message.kind === 'record') deliver(message.id, message.record)
    if (message.kind === 'state') become(message.state, message.since)
    if (message.kind === 'resync') onResync.forEach((tell) => tell())
    if (message.kind === 'hello' && leading) pass({ kind: 'state', state: state.value, since: since.value })
  }

  function start(): void {
    if (stop) return
    stop = new AbortController()
    const { signal } = stop
    become('connecting')
    if (typeof BroadcastChannel !== 'undefined') {
      channel = new BroadcastChannel('tingan.stream')
      channel.onmessage = (event) => follow(event.data as Passed)
      pass({ kind: 'hello' })
    }
    if (channel && navigator.locks) {
      void navigator.locks.request('tingan.stream', { signal }, () => lead(signal)).catch(() => undefined)
    } else {
      // No locks outside a secure origin: each tab reads for itself.
      channel?.close()
      channel = null
      void lead(signal)
    }
  }
  function end(): void {
    stop?.abort()
    stop = null
    channel?.close()
    channel = null
    lastId = null
    state.value = 'off'
  }

  return { state, since, start, end, onRecord, onResync }
})

// Ends early when the network is back.
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      window.removeEventListener('online', go)
      resolve()
    }
    const timer = setTimeout(go, ms)
    window.addEventListener('online', go)
    signal.addEventListener('abort', go)
  })
}
