// The node's clock on this screen. A demo node may run faster; counting down follows it. One ticker for the whole page.
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '@/api/client'
import type { NodeInfo } from '@/api/types'

const kAskEvery = 60_000

export const useClock = defineStore('clock', () => {
  const scale = ref(1)
  const demo = ref(false)
  // What is wrong with the node itself, asked for now and then.
  const warnings = ref<NodeInfo['warnings']>([])
  const now = ref(Date.now())
  let base = Date.now()
  let since = performance.now()
  let timer: ReturnType<typeof setInterval> | undefined

  function read(): number {
    return base + (performance.now() - since) * scale.value
  }
  // `iso`: the node's time as it just said it.
  function sync(iso: string): void {
    base = Date.parse(iso)
    since = performance.now()
    now.value = read()
  }
  async function ask(): Promise<void> {
    const node = await api.get('/api/v1/node')
    scale.value = node.time_scale
    demo.value = node.demo
    warnings.value = node.warnings
    sync(node.now)
  }
  function tick(): void {
    if (document.visibilityState !== 'hidden') now.value = read()
  }
  function start(): void {
    if (timer !== undefined) return
    timer = setInterval(tick, scale.value > 1 ? 250 : 1000)
    setInterval(() => {
      if (document.visibilityState === 'visible') void ask().catch(() => undefined)
    }, kAskEvery)
    document.addEventListener('visibilitychange', () => {
      tick()
      // A phone that slept may have stopped its own clock.
      if (document.visibilityState === 'visible') void ask().catch(() => undefined)
    })
  }

  return { now, scale, demo, warnings, read, sync, ask, start }
})
