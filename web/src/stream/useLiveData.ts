// Data that is asked for once and again whenever the stream says that something of it has changed.
import { onScopeDispose, ref, shallowRef } from 'vue'
import type { StreamRecord } from '@/api/types'
import { asProblem, type Problem } from '@/api/problem'
import { useLive } from './live'

const kApartMs = 500

// `concerns`: does this record change what was loaded? Bursts are joined, and answered half a second apart; an answer
// that was overtaken is thrown away.
export function useLiveData<T>(load: () => Promise<T>, concerns: (record: StreamRecord) => boolean = () => true) {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(true)
  const live = useLive()
  let running = false
  let again = false
  let due = false // a record came while it was loading
  let ended = false
  let endedAt = -kApartMs
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (running) {
      again = true
      return
    }
    running = true
    try {
      do {
        again = false
        const fresh = await load()
        if (ended) return
        data.value = fresh
        problem.value = null
      } while (again)
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      running = false
      endedAt = performance.now()
      loading.value = false
      if (due && !ended) schedule()
      due = false
    }
  }
  function schedule(): void {
    timer ??= setTimeout(() => void refresh(), Math.max(0, endedAt + kApartMs - performance.now()))
  }

  const heard = (record: StreamRecord) => {
    if (!concerns(record)) return
    if (running) due = true
    else schedule()
  }
  const resync = () => void refresh()
  live.onRecord.add(heard)
  live.onResync.add(resync)
  onScopeDispose(() => {
    ended = true
    clearTimeout(timer)
    live.onRecord.delete(heard)
    live.onResync.delete(resync)
  })
  void refresh()
  return { data, problem, loading, refresh }
}
